"""The use cases of a run, each written once for every entry point that needs it."""
