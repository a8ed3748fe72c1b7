"""Dates in cells: how a file writes them, and the instants that they mean."""
