"""Decide what to send, send it, and record what a destination has acknowledged."""
