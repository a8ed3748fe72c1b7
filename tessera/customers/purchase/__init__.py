"""Purchase models: who will order again, when, and how often."""
