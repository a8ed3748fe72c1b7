"""Unsubscribe: the public page behind the link of every message."""
