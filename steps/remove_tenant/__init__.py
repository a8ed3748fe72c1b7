"""Remove a tenant with all its data."""
