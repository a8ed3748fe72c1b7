"""What the stack of the event stream consists of."""
