"""Which events of several uploads count: an order once, a row once, and returns up to its cost."""
