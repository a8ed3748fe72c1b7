"""``tessera run`` and ``tessera plan``: one upload through the whole system."""
