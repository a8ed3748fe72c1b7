"""What is kept (data) and what can be made again at any time (pipeline)."""
