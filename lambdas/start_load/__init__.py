"""The StartLoad state's function."""
