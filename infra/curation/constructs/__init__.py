"""What the stack of curation is made of."""
