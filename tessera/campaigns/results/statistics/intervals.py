"""Intervals for the difference between two groups, and what many comparisons at once need."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tessera.campaigns.planning.candidates import Floats
from tessera.campaigns.results.statistics.distributions import (
    binomial_at_most,
    normal_quantile,
    normal_tail,
    student_quantile,
    student_tail,
)
from tessera.campaigns.results.statistics.inference import FIXED_Z

_STEPS = 60  # of halving: finer than a float shows
_FURTHEST_Z = 40.0


class Difference(NamedTuple):
    """A difference, the first group less the second, with its 95 % interval."""

    value: float
    low: float
    high: float


class Lift(NamedTuple):
    """How many times more, less 1, with its 95 % interval: 0.1 is a tenth more."""

    value: float
    low: float
    high: float


def newcombe(buyers: tuple[int, int], people: tuple[int, int], *, z: float = FIXED_Z) -> Difference:
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


def newcombe_z(buyers: tuple[int, int], people: tuple[int, int]) -> float:
    """Return for which normal quantile Newcombe's interval just reaches zero."""
    if newcombe(buyers, people).value == 0:
        return 0.0
    low, high = 0.0, _FURTHEST_Z
    for _ in range(_STEPS):
        z = (low + high) / 2
        made = newcombe(buyers, people, z=z)
        if made.low > 0 or made.high < 0:
            low = z
        else:
            high = z
    return low


def newcombe_p_value(buyers: tuple[int, int], people: tuple[int, int]) -> float:
    """Return the level at which Newcombe's interval just reaches zero.

    So interval and p-value never contradict each other.
    """
    return min(1.0, 2 * normal_tail(newcombe_z(buyers, people)))


def lift(buyers: tuple[int, int], people: tuple[int, int], *, z: float = FIXED_Z) -> Lift | None:
    """Return the ratio of two shares less 1, from the Wilson limits of ``newcombe``.

    So it reaches 0 exactly where the interval of the difference does. None where a group has no
    buyer: the ratio is then not known.

    Parameters
    ----------
    buyers, people, z
        As of ``newcombe``.

    References
    ----------
    Donner, Zou (2012), "Closed-form confidence intervals for functions of the normal mean and
    standard deviation", the method of variance estimates recovery for ratios (MOVER-R).
    """
    if not all(buyers):
        return None
    (p1, low1, high1), (p2, low2, high2) = (
        _wilson(bought, of, z) for bought, of in zip(buyers, people, strict=True)
    )
    both = p1 * p2
    below, above = low1 * (2 * p1 - low1), high1 * (2 * p1 - high1)
    # The lower end is written so that it holds where twice the second share is its upper limit.
    lower = below / (both + _root(both**2 - below * high2 * (2 * p2 - high2)))
    divisor = low2 * (2 * p2 - low2)
    upper = (both + _root(both**2 - above * divisor)) / divisor
    return Lift(p1 / p2 - 1, lower - 1, upper - 1)


def welch(treated: Floats, held_out: Floats, *, z: float = FIXED_Z) -> Difference:
    """Return the difference of two means, by Welch's interval for unequal variances.

    Parameters
    ----------
    treated : shape (n,), n at least 2
    held_out : shape (m,), m at least 2
    z
        The normal quantile of the level, by default that of 95 %. Student's of the same level
        takes its place.
    """
    value, error, freedom = _welch_parts(treated, held_out)
    if error == 0:
        return Difference(value, value, value)
    reach = student_quantile(1 - normal_tail(z), freedom=freedom) * error
    return Difference(value, value - reach, value + reach)


def welch_z(treated: Floats, held_out: Floats) -> float:
    """Return for which normal quantile Welch's interval just reaches zero."""
    value, error, freedom = _welch_parts(treated, held_out)
    if error == 0:
        return 0.0 if value == 0 else _FURTHEST_Z
    tail = student_tail(abs(value) / error, freedom=freedom)
    return max(0.0, -normal_quantile(tail)) if tail > 0 else _FURTHEST_Z


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


def _welch_parts(treated: Floats, held_out: Floats) -> tuple[float, float, float]:
    """Return the difference of the means, its standard error and the degrees of freedom."""
    sizes = len(treated), len(held_out)
    parts = [
        float(np.var(values, ddof=1)) / size
        for values, size in zip((treated, held_out), sizes, strict=True)
    ]
    value, variance = float(treated.mean() - held_out.mean()), sum(parts)
    if variance == 0:
        return value, 0.0, 0.0
    freedom = variance**2 / sum(
        part**2 / (size - 1) for part, size in zip(parts, sizes, strict=True)
    )
    return value, math.sqrt(variance), freedom


def _wilson(bought: int, people: int, z: float) -> tuple[float, float, float]:
    """Return a share with its score interval (Wilson 1927)."""
    p = bought / people
    middle = p + z**2 / (2 * people)
    reach = z * math.sqrt(p * (1 - p) / people + z**2 / (4 * people**2))
    scale = 1 + z**2 / people
    return p, max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)


def _root(value: float) -> float:
    """Return the square root of what rounding alone makes negative."""
    return math.sqrt(max(0.0, value))
