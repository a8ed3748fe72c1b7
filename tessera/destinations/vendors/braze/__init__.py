"""Braze: its capabilities, rendering, requests and outcomes."""
