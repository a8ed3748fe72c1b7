"""Stand-in for Glue's own package, which is not on PyPI."""
