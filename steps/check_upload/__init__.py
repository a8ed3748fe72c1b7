"""Decide whether there is something to run, and whether the upload can be read."""
