"""What campaigns change: coverage on worlds whose truth is known, and on public data."""
