"""The EnsureSegments state's function."""
