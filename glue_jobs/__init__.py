"""Glue jobs: curate, map_schema, prepare_events."""
