"""A webhook: its capabilities, rendering, requests and outcomes."""
