"""Segment definitions, assignment, statistics."""
