"""The routes' functions: each reads its parameters, calls a step, and returns a document."""
