"""Uploaded lists of receivers: read row by row, and matched with customers."""
