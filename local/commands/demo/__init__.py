"""``tessera demo``: what Tessera does, shown on this machine with data that ships."""
