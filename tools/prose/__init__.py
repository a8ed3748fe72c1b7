"""The house style for prose, as a check: ``python -m tools.prose``.

Readers come from all countries and search for the field's own words, so pages and messages use
those, in short sentences. ``pyproject.toml`` holds the limits under ``[tool.prose]``.
"""
