"""Amazon SES v2 on loopback."""
