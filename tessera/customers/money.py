"""Money as whole numbers: exact sums, and rounding half up, in any order of rows.

Amounts are int64 *minor units*, ten-thousandths of the currency's unit, as in decimal(18,4).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from tessera.customers.units import MINOR

Ints = npt.NDArray[np.int64]

_MINOR_PER_CENT = MINOR // 100
_HALF_WORD = 32
_LARGEST = 2**63 - 1


def cents(monetary: Ints) -> Ints:
    """Return minor units as cents, rounded half up (away from zero)."""
    return _ratio(monetary, np.int64(_MINOR_PER_CENT))


def cents_per_order(monetary: Ints, *, frequency: Ints) -> Ints:
    """Return monetary / frequency in cents, rounded half up. 0 where there is no order."""
    return _ratio(monetary, _MINOR_PER_CENT * np.maximum(frequency, 1)) * (frequency > 0)


def _ratio(amount: Ints, divisor: Ints | np.int64) -> Ints:
    rounded: Ints = np.sign(amount) * ((2 * np.abs(amount) + divisor) // (2 * divisor))
    return rounded


class GroupTotals:
    """The exact sum of whole numbers in each of some groups, added in parts.

    Parameters
    ----------
    count
        How many groups there are, from 0 on.
    """

    def __init__(self, count: int) -> None:
        self._totals = [0] * count

    def add(self, values: Ints, *, groups: Ints) -> None:
        """Add values, shape (n,), each to its group."""
        if _sum_fits(values):
            self._add(values, groups=groups, scale=0)
            return
        self._add(values >> _HALF_WORD, groups=groups, scale=_HALF_WORD)
        self._add(values & ((1 << _HALF_WORD) - 1), groups=groups, scale=0)

    def __getitem__(self, group: int) -> int:
        """Return a group's sum."""
        return self._totals[group]

    @property
    def everyone(self) -> int:
        """The sum of all groups."""
        return sum(self._totals)

    def _add(self, values: Ints, *, groups: Ints, scale: int) -> None:
        sums = np.zeros(len(self._totals), np.int64)
        np.add.at(sums, groups, values)
        for group, total in enumerate(sums.tolist()):
            self._totals[group] += total << scale


def _sum_fits(values: Ints) -> bool:
    """Return whether no sum of these values can overflow."""
    largest = max(int(values.max(initial=0)), -int(values.min(initial=0)))
    return largest * len(values) <= _LARGEST


def group_totals(values: Ints, *, groups: Ints, count: int) -> list[int]:
    """Return the exact sum of ``values`` in each of the groups 0 to ``count - 1``.

    Where sums could overflow, the halves of each number are summed apart: 2³¹ rows are safe.
    """
    totals = GroupTotals(count)
    totals.add(values, groups=groups)
    return [totals[group] for group in range(count)]


def exact_total(values: Ints) -> int:
    """Return the exact sum of all ``values``."""
    return group_totals(values, groups=np.zeros(len(values), np.int64), count=1)[0]


def amount_text(minor: int, *, per: int = 1) -> str:
    """Return ``minor / per`` as text in the currency's unit with two decimals, half up."""
    value = Fraction(minor, per * _MINOR_PER_CENT)
    sign = -1 if value < 0 else 1
    hundredths = sign * ((2 * abs(value.numerator) + value.denominator) // (2 * value.denominator))
    return str(Decimal(hundredths).scaleb(-2).quantize(Decimal("0.01"), ROUND_HALF_UP))
