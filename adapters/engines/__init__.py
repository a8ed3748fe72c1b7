"""Engines that run the one customer summary."""
