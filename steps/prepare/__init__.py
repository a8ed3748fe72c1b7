"""Prepare: read an upload, store its events, summarise customers. The same on every engine."""
