"""Retention by tenure: the shifted-beta-geometric model."""
