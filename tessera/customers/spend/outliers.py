"""Spend that is beyond belief, moved to a fence before the fit: one wrong amount must not lead it.

Only the fit is winsorised so. Predictions use everyone's own spend.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from tessera.customers.spend.history import Floats, SpendHistory
from tessera.customers.spend.sums import mean

FENCE = 5.0  # interquartile ranges of log spend beyond the quartiles
MOST_FENCED = 0.01  # of customers, or one: more are no outliers, and all count as they are
_RANGE = 700.0  # of logarithms whose exponentials are numbers
_CELL = 1 / 64  # of the grid on which quartiles of log spend are found


def winsorised(history: SpendHistory, *, fence: float = FENCE) -> tuple[SpendHistory, float]:
    """Return the rows with mean spend inside the fences, and how many customers were outside.

    Parameters
    ----------
    history
        Rows that are all ``informative``.
    fence
        How many interquartile ranges of log mean spend the fences lie outside the quartiles.
        Infinity for no fences.

    Notes
    -----
    The default leaves real shops' data alone: the farthest of CDNOW's 946 repeat buyers is at
    2.0, of Online Retail's 1,956 at 4.2. It catches amounts that are wrong by a factor of hundreds,
    and too small ones as well as too large ones.
    """
    if math.isinf(fence):
        return history, 0.0
    lower, upper = _fences(np.log(history.mean_spend), weights=history.weights, fence=fence)
    inside = np.clip(history.mean_spend, *np.exp(np.clip([lower, upper], -_RANGE, _RANGE)))
    moved = float(history.weights[inside != history.mean_spend].sum())
    if moved > max(1.0, MOST_FENCED * float(history.weights.sum())):
        return history, 0.0
    return dataclasses.replace(history, mean_spend=inside), moved


def _fences(logs: Floats, *, weights: Floats, fence: float) -> tuple[float, float]:
    """Return the lower and the upper fence of log spend.

    The quartiles are found on a fine grid around the mean, which needs no sorting and moves with
    the currency.
    """
    middle = mean(logs, weights=weights)
    cells = np.floor((logs - middle) / _CELL).astype(np.int64)
    lowest = int(cells.min())
    reached = np.cumsum(np.bincount(cells - lowest, weights=weights))
    quarters = np.searchsorted(reached, reached[-1] * np.array([0.25, 0.75]))
    lower, upper = (middle + _CELL * (quarters + lowest + np.array([0, 1]))).tolist()
    reach = fence * (upper - lower)
    return lower - reach, upper + reach
