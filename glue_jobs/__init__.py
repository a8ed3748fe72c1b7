"""Glue jobs: map_schema."""
