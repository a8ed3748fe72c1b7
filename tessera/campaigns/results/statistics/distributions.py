"""Tails and quantiles of three distributions: where campaigns are measured there is no SciPy."""

from __future__ import annotations

import math
import statistics

_STEPS = 200  # more than a float ever needs
_MANY = 100_000  # of the fraction: for a million people it takes some thousands
_TINY = 1e-300
_ENOUGH = 1e-15
_CLOSE = 1e-11  # closer than that the tail is rounded


def normal_quantile(level: float) -> float:
    """Return the value that a standard normal is below with this chance."""
    return statistics.NormalDist().inv_cdf(level)


def normal_tail(z: float) -> float:
    """Return the chance that a standard normal is above ``z``."""
    return math.erfc(z / math.sqrt(2)) / 2


def student_quantile(level: float, *, freedom: float) -> float:
    """Return the value that Student's t is below with this chance.

    Parameters
    ----------
    level
        Above a half, and below 1.
    freedom
        Degrees of freedom, above 0.
    """
    chance, t = 1 - level, normal_quantile(level)
    log_scale = (
        math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)
        - math.log(freedom * math.pi) / 2
    )  # fmt: skip
    # Newton's method from the left: the tail is convex there, so no step goes too far.
    for _ in range(_STEPS):
        density = math.exp(log_scale - (freedom + 1) / 2 * math.log1p(t**2 / freedom))
        step = (student_tail(t, freedom=freedom) - chance) / density
        t += step
        if abs(step) <= _CLOSE * t:
            break
    return t


def student_tail(t: float, *, freedom: float) -> float:
    """Return the chance that Student's t is above ``t``, which is at least 0."""
    return incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t**2)) / 2


def binomial_at_most(count: int, *, of: int, share: float) -> float:
    """Return the chance of at most so many successes.

    Parameters
    ----------
    count, of
        Successes, and tries.
    share
        The chance of each, between 0 and 1.
    """
    if count < 0:
        return 0.0
    return 1.0 if count >= of else incomplete_beta(of - count, count + 1, 1 - share)


def incomplete_beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function, by its continued fraction.

    References
    ----------
    DLMF 8.17.22 (dlmf.nist.gov), evaluated by Lentz's method.
    """
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    log_front = (
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
        + a * math.log(x) + b * math.log1p(-x)
    )  # fmt: skip
    return math.exp(log_front) / (a * _fraction(a, b, x))


def _fraction(a: float, b: float, x: float) -> float:
    """Return the continued fraction 1 + d1/(1 + d2/(1 + …))."""
    value, ratio, inverse = 1.0, 1.0, 0.0
    for step in range(1, _MANY):
        half = step // 2
        if step % 2:
            part = -(a + half) * (a + b + half) * x / ((a + step - 1) * (a + step))
        else:
            part = half * (b - half) * x / ((a + step - 1) * (a + step))
        ratio = 1 + part / ratio or _TINY
        inverse = 1 / (1 + part * inverse or _TINY)
        value *= ratio * inverse
        if abs(ratio * inverse - 1) < _ENOUGH:
            return value
    raise ArithmeticError(f"incomplete beta: no result for a={a}, b={b}, x={x}")
