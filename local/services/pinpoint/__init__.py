"""Amazon Pinpoint on loopback."""
