"""Forecasts that learn from a shop's own past misses."""
