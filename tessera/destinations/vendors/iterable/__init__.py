"""Iterable: its capabilities, rendering, requests and outcomes."""
