"""One capability each, saying what it touches."""
