"""Each destination's transport, and the files that its load reads."""
