"""What SES reports about messages, kept as a set."""
