"""What each function and job gets at deploy time: infra writes it, the entry point reads it.

Each has its own module, so that a function imports no other function's environment.
"""
