"""One normal form for how a customer is reached: the same for every destination."""
