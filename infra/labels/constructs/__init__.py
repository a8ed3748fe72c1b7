"""What the stack of live labels consists of."""
