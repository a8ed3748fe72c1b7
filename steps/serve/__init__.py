"""What the API says and does, one use case a function."""
