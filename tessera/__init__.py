"""Tessera: customer events become customer segments. Pure Python; knows no cloud and no network."""

__version__ = "0.1.0"
