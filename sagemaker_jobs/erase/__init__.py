"""Erase: people out of every version of every object, and out of the tables."""
