"""The three measures and the whole numbers that each is counted in. Needs no NumPy."""

from __future__ import annotations

from collections.abc import Mapping

MINOR = 10_000  # minor units of money in one unit of the currency, as in decimal(18,4)
CENTS = 100  # in one unit of the currency, the finest that results have
MEASURES = ("recency", "frequency", "monetary")
UNITS: Mapping[str, int] = {"recency": 1, "frequency": 1, "monetary": MINOR}
