"""WriteEvents: what happens to messages."""
