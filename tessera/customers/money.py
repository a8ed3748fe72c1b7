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


def cents(monetary: Ints) -> Ints:
    """Return minor units as cents, rounded half up (away from zero)."""
    return _ratio(monetary, np.int64(_MINOR_PER_CENT))


def cents_per_order(monetary: Ints, *, frequency: Ints) -> Ints:
    """Return monetary / frequency in cents, rounded half up. 0 where there is no order."""
    return _ratio(monetary, _MINOR_PER_CENT * np.maximum(frequency, 1)) * (frequency > 0)


def _ratio(amount: Ints, divisor: Ints | np.int64) -> Ints:
    rounded: Ints = np.sign(amount) * ((2 * np.abs(amount) + divisor) // (2 * divisor))
    return rounded


def group_totals(values: Ints, *, groups: Ints, count: int) -> list[int]:
    """Return the exact sum of ``values`` in each of the groups 0 to ``count - 1``.

    The halves of each number are summed apart, so that no sum of 2³¹ rows can overflow.
    """
    high, low = np.zeros(count, np.int64), np.zeros(count, np.int64)
    np.add.at(high, groups, values >> _HALF_WORD)
    np.add.at(low, groups, values & ((1 << _HALF_WORD) - 1))
    pairs = zip(high.tolist(), low.tolist(), strict=True)
    return [(upper << _HALF_WORD) + lower for upper, lower in pairs]


def exact_total(values: Ints) -> int:
    """Return the exact sum of all ``values``."""
    return group_totals(values, groups=np.zeros(len(values), np.int64), count=1)[0]


def amount_text(minor: int, *, per: int = 1) -> str:
    """Return ``minor / per`` as text in the currency's unit with two decimals, half up."""
    value = Fraction(minor, per * _MINOR_PER_CENT)
    sign = -1 if value < 0 else 1
    hundredths = sign * ((2 * abs(value.numerator) + value.denominator) // (2 * value.denominator))
    return str(Decimal(hundredths).scaleb(-2).quantize(Decimal("0.01"), ROUND_HALF_UP))
