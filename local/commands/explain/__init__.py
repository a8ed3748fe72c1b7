"""``tessera explain``: why one customer has their labels."""
