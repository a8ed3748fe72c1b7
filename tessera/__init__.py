"""Tessera: customer events become customer segments. Pure Python, without cloud or network."""

__version__ = "0.1.0"
