"""What the stack of databases consists of."""
