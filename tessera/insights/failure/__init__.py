"""A failed state: what went wrong, why, and what to do."""
