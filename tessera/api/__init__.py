"""The JSON API, as far as it needs no web framework: routes, roles, keys, cursors, documents."""
