"""The tables of a database, read into change files."""
