"""RunJob: a small job of a run, in a function."""
