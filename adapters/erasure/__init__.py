"""What an erasure does to objects, versions and tables."""
