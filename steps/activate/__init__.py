"""Bring one destination up to date: its customers, then its segments, then its report."""
