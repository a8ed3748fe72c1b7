"""What a tenant keeps: events, identities, attributes, runs, ledgers and the catalog."""
