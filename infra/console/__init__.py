"""The console and its API: the stack, and what it is made of."""
