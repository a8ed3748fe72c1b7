"""Tables of an operational database, read into change files."""
