"""The customer summary on one machine."""
