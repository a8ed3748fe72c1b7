"""What a user gives for a run: files of events, and settings."""
