"""Campaigns: sending that is killed again and again."""
