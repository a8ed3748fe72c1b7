"""Campaigns: who is written to, with what, when, and what it changed."""
