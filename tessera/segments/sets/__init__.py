"""Segment sets: one more label a customer in each."""
