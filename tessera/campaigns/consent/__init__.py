"""Who may be written to: rows of consent that are only ever added, and what they come to."""
