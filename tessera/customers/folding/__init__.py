"""What a customer's events come to, in one pass over columns."""
