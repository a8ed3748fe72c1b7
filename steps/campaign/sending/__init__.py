"""What sending a run works with, in an account and on a laptop."""
