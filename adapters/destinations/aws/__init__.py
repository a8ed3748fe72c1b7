"""Transports to destinations that are AWS services."""
