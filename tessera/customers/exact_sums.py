"""Sums of floats that are the same in any order and from any parts: exact, and rounded once."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

import numpy as np
import numpy.typing as npt

_MANTISSA = 53
_HALF = 26
_CHUNK = 1 << 18  # values whose halves add up exactly in a float


class ExactSums:
    """The exact sum of finite floats in each of some groups, added in parts.

    Parameters
    ----------
    count
        How many groups there are, from 0 on.
    """

    def __init__(self, count: int = 1) -> None:
        self._count = count
        self._totals: dict[int, list[int]] = defaultdict(lambda: [0] * count)

    def add(
        self,
        values: npt.NDArray[np.float64],
        *,
        groups: npt.NDArray[np.integer] | None = None,
    ) -> None:
        """Add values, shape (n,), each to its group, by default to the first."""
        for start in range(0, len(values), _CHUNK):
            part = slice(start, start + _CHUNK)
            self._add(values[part], 0 if groups is None else groups[part].astype(np.int64))

    def __getitem__(self, group: int) -> float:
        """Return a group's sum: the float that is nearest to it."""
        exact = sum(
            (totals[group] * Fraction(2) ** power for power, totals in self._totals.items()),
            start=Fraction(0),
        )
        return float(exact)

    def _add(self, values: npt.NDArray[np.float64], groups: npt.NDArray[np.int64] | int) -> None:
        fractions, powers = np.frexp(values)
        whole = (fractions * 2.0**_MANTISSA).astype(np.int64)
        for power in np.unique(powers).tolist():
            here = powers == power
            some, where = whole[here], np.broadcast_to(groups, len(values))[here]
            high, low = some >> _HALF, some & ((1 << _HALF) - 1)
            sums = [np.bincount(where, weights=half, minlength=self._count) for half in (high, low)]
            totals = self._totals[power - _MANTISSA]
            for group, (upper, lower) in enumerate(zip(*(s.tolist() for s in sums), strict=True)):
                totals[group] += (int(upper) << _HALF) + int(lower)
