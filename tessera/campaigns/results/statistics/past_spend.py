"""Take out of a result what people's past explains: the interval becomes narrower, never biased.

The estimate stays that of a randomised comparison, because the past is older than the draw.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tessera.campaigns.planning.candidates import Floats, Mask

_CUT = 0.99


class AdjustedOutcome(NamedTuple):
    """An outcome less what the past explains of it.

    Parameters
    ----------
    values : shape (n,)
        Their mean over everybody is that of the outcome.
    removed
        The share of the outcome's variance that is gone, from 0 to 1.
    """

    values: Floats
    removed: float


def winsorised(amounts: Floats, *, among: Mask | None = None, cut: float = _CUT) -> Floats:
    """Return amounts, of which those above a quantile count as that quantile.

    Parameters
    ----------
    amounts : shape (n,)
    among : shape (n,)
        Whose quantile it is. None for those with an amount above 0.
    cut
        The quantile's level.

    Returns
    -------
    shape (n,)
    """
    amounts_of = amounts[amounts > 0 if among is None else among]
    return np.minimum(amounts, np.quantile(amounts_of, cut)) if len(amounts_of) else amounts


def cut_both_ways(amounts: Floats, limit: float) -> Floats:
    """Return amounts of which none is further from 0 than a limit.

    A limit for one side alone would leave the other one with whatever a single refund is. Both
    sides have the same, so that money in and the same money back add to nothing.

    Parameters
    ----------
    amounts : shape (n,)
    limit
        At least 0.

    Returns
    -------
    shape (n,)
    """
    return np.clip(amounts, -limit, limit)


def adjusted(outcome: Floats, before: Floats, *, treated: Mask) -> AdjustedOutcome:
    """Return an outcome less what spend before the campaign explains of it (CUPED).

    The slope is the one within the groups. One over both would take a part of the effect for an
    effect of the past, where chance gave the groups a different past.

    Parameters
    ----------
    outcome, before : shape (n,)
        After and before the draw.
    treated : shape (n,)
        Who of them was treated.

    References
    ----------
    Deng, Xu, Kohavi, Walker (2013), "Improving the sensitivity of online controlled experiments by
    utilizing pre-experiment data".
    """
    after, past = _within(outcome, treated), _within(before, treated)
    spread, total = float(past @ past), float(after @ after)
    if spread <= 0 or total <= 0:
        return AdjustedOutcome(outcome, 0.0)
    common = float(after @ past)
    slope = common / spread
    removed = min(1.0, slope * common / total)
    return AdjustedOutcome(outcome - slope * (before - before.mean()), removed)


def _within(values: Floats, treated: Mask) -> Floats:
    """Return values less the mean of each person's own group."""
    less = np.empty_like(values)
    for mask in (treated, ~treated):
        if mask.any():
            less[mask] = values[mask] - values[mask].mean()
    return less
