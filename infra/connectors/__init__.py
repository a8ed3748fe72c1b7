"""Shops that are read directly: pulled every day, curated, uploaded."""
