"""Destinations: the port, the plan, the catalog and one file a vendor."""
