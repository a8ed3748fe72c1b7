"""Each table as data: what everything else (engines, catalog, docs, tests) is derived from."""
