"""What each destination gets, and what it has afterwards."""
