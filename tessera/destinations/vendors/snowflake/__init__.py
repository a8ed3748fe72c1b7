"""Snowflake: the tables of a warehouse, by its SQL API."""
