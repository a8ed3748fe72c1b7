"""Intervals for the difference between two groups, and what many comparisons at once need."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tessera.campaigns.planning.candidates import Floats
from tessera.campaigns.results.distributions import (
    binomial_at_most,
    normal_quantile,
    normal_tail,
    student_quantile,
)

LEVEL = 0.95
_Z = normal_quantile(0.5 + LEVEL / 2)
_STEPS = 60  # of halving: finer than a float shows


class Difference(NamedTuple):
    """A difference, the first group less the second, with its 95 % interval."""

    value: float
    low: float
    high: float


def newcombe(buyers: tuple[int, int], people: tuple[int, int], *, z: float = _Z) -> Difference:
    """Return the difference of two shares, by Newcombe's hybrid score interval.

    Parameters
    ----------
    buyers, people
        Of the first and the second group. Each has at least one person.
    z
        The normal quantile of the level, by default that of 95 %.

    References
    ----------
    Newcombe (1998), "Interval estimation for the difference between independent proportions:
    comparison of eleven methods", method 10.
    """
    (p1, low1, high1), (p2, low2, high2) = (
        _wilson(bought, of, z) for bought, of in zip(buyers, people, strict=True)
    )
    value = p1 - p2
    return Difference(
        value=value,
        low=value - math.hypot(p1 - low1, high2 - p2),
        high=value + math.hypot(high1 - p1, p2 - low2),
    )


def newcombe_p_value(buyers: tuple[int, int], people: tuple[int, int]) -> float:
    """Return the level at which Newcombe's interval just reaches zero.

    So interval and p-value never contradict each other.
    """
    if newcombe(buyers, people).value == 0:
        return 1.0
    low, high = 0.0, 40.0
    for _ in range(_STEPS):
        z = (low + high) / 2
        made = newcombe(buyers, people, z=z)
        if made.low > 0 or made.high < 0:
            low = z
        else:
            high = z
    return 2 * normal_tail(low)


def welch(treated: Floats, held_out: Floats) -> Difference:
    """Return the difference of two means, by Welch's interval for unequal variances.

    Parameters
    ----------
    treated : shape (n,), n at least 2
    held_out : shape (m,), m at least 2
    """
    parts = [float(np.var(values, ddof=1)) / len(values) for values in (treated, held_out)]
    value, variance = float(treated.mean() - held_out.mean()), sum(parts)
    if variance == 0:
        return Difference(value, value, value)
    freedom = variance**2 / sum(
        part**2 / (len(values) - 1) for part, values in zip(parts, (treated, held_out), strict=True)
    )
    reach = student_quantile(0.5 + LEVEL / 2, freedom=freedom) * math.sqrt(variance)
    return Difference(value, value - reach, value + reach)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values for several comparisons at once, in the same order.

    References
    ----------
    Holm (1979), "A simple sequentially rejective multiple test procedure".
    """
    adjusted, worst = [1.0] * len(p_values), 0.0
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    for rank, place in enumerate(order):
        worst = max(worst, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = worst
    return adjusted


def ratio_p_value(held_out: int, people: int, *, share: float) -> float:
    """Return how likely a holdout is at least as far from its size as this one, by chance.

    Twice the smaller tail of the binomial distribution.
    """
    at_most = binomial_at_most(held_out, of=people, share=share)
    at_least = 1 - binomial_at_most(held_out - 1, of=people, share=share)
    return min(1.0, 2 * min(at_most, at_least))


def people_needed(*, conversion: float, lift: float, share: float) -> int:
    """Return how many people show a difference with 80 % power, at the level of 95 %.

    Parameters
    ----------
    conversion
        The share of buyers without the campaign, above 0.
    lift
        How many more buy, as a share of these: 0.1 is a tenth more.
    share
        Of the held out.
    """
    spread = conversion * (1 - conversion) / (share * (1 - share))
    return math.ceil(7.85 * spread / (lift * conversion) ** 2)


def _wilson(bought: int, people: int, z: float) -> tuple[float, float, float]:
    """Return a share with its score interval (Wilson 1927)."""
    p = bought / people
    middle = p + z**2 / (2 * people)
    reach = z * math.sqrt(p * (1 - p) / people + z**2 / (4 * people**2))
    scale = 1 + z**2 / people
    return p, max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)
