"""What functions reply, and the details of events."""
