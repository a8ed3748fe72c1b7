"""``python -m local explain``: why one customer has their labels."""
