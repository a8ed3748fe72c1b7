"""python -m local: embedded AWS, the whole system on a laptop."""
