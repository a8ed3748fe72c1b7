"""The command ``tessera``: embedded AWS, the whole system on a laptop."""
