"""The stack that is kept: the foundation, the profile domains and the analysts' policy."""
