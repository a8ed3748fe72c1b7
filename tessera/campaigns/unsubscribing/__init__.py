"""Unsubscribing: the link, the headers, and what a visitor decides."""
