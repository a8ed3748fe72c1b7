"""Tenths: the order of customers, without figures."""

from __future__ import annotations

import numpy as np

from tessera.customers.purchase.pairs import Floats

_TENTHS = 10


def tenths(values: Floats) -> Floats:
    """Return each customer's tenth, 1 the least to 10 the most, shape (n,). NaN stays NaN.

    Equal values share a tenth, that of their middle, so the order of customers is irrelevant.
    """
    made = np.full(len(values), np.nan)
    present = ~np.isnan(values)
    distinct, place, count = np.unique(values[present], return_inverse=True, return_counts=True)
    if not len(distinct):
        return made
    middle = (np.cumsum(count) - count / 2) / count.sum()
    made[present] = np.minimum((middle * _TENTHS).astype(np.int64), _TENTHS - 1)[place] + 1
    return made
