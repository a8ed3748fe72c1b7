"""``tessera pull``: a shop's orders, read directly."""
