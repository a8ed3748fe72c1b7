"""What the stack of pulls consists of."""
