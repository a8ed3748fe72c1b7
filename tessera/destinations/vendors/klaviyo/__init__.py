"""Klaviyo: its capabilities, rendering, requests and outcomes."""
