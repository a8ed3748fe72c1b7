"""Intervals, always-valid sequences, and what past spend explains: pure statistics."""
