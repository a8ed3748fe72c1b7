"""``tessera validate``: check a file, or propose a mapping for it, without running anything."""
