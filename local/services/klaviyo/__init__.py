"""Klaviyo on loopback."""
