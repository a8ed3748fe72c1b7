"""Prepare: read an upload, store its events, summarise customers; the same on every engine."""
