"""``tessera live``: a smoke test of a destination, with the user's own key."""
