"""Destinations: the port, the plan, the catalog, and one folder per vendor."""
