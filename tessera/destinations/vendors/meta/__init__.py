"""Meta: its capabilities, rendering, requests and outcomes."""
