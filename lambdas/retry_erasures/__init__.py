"""RetryErasures: what erasures left open is tried again every day."""
