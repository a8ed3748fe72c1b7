"""The customer summary on a cluster."""
