"""What a user gives for a run: files of events, files of attributes, settings."""
