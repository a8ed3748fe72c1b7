"""A shop's export, whose rows together make orders, read into one event per order."""
