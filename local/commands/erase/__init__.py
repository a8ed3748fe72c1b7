"""``tessera erase``."""
