"""How often a result may be looked at: once, at a fixed horizon, or at any time.

A fixed interval is right for one look. Somebody who looks every day at a campaign that changed
nothing sees a difference sooner or later. An always-valid interval covers the truth at all looks
together in 95 of 100 campaigns. It is wider, by half or more.
"""

from __future__ import annotations

import math
from typing import Literal

from tessera.campaigns.results.statistics.distributions import normal_quantile, normal_tail

Inference = Literal["fixed_horizon", "always_valid"]
LEVEL = 0.95
FIXED_Z = normal_quantile(0.5 + LEVEL / 2)
# Where the sequence is narrowest. It is the same for all campaigns: a number that was chosen after
# a look would break the promise.
NARROWEST_PEOPLE = 5_000
_LOGS = -2 * math.log(1 - LEVEL)
_SCALE = (_LOGS + math.log(_LOGS) + 1) / NARROWEST_PEOPLE


def critical_z(inference: Inference, *, people: int) -> float:
    """Return how many standard errors an interval of 95 % reaches to each side.

    Parameters
    ----------
    inference
        ``fixed_horizon`` for a result that is read once, when everybody counts. ``always_valid``
        for one that is read while people are still being added.
    people
        In both groups, at this look. At least 1.

    References
    ----------
    Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas (2021), "Time-uniform central limit theory and
    asymptotic confidence sequences", arXiv 2103.06476, theorem 2.2 and its tuning.
    """
    if inference == "fixed_horizon":
        return FIXED_Z
    seen = people * _SCALE
    return math.sqrt((1 + 1 / seen) * (math.log1p(seen) + _LOGS))


def p_value(inference: Inference, z: float, *, people: int) -> float:
    """Return the level at which an interval just reaches zero, at most 1.

    So interval and p-value never contradict each other.

    Parameters
    ----------
    inference, people
        As of the interval.
    z
        The difference in standard errors, or what stands for it, at least 0.
    """
    if inference == "fixed_horizon":
        return min(1.0, 2 * normal_tail(z))
    seen = people * _SCALE
    return min(1.0, math.sqrt(1 + seen) * math.exp(-(z**2) * seen / (2 * (1 + seen))))
