"""Measure campaigns: what they changed, and what happened to the messages of their runs."""
