"""Amazon Connect Customer Profiles on loopback."""
