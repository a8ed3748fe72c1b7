"""Tenths: the order of customers, without figures."""

from __future__ import annotations

import numpy as np

from tessera.customers.purchase.pairs import Floats
from tessera.customers.ranks import Ranks


def tenths(values: Floats) -> Floats:
    """Return each customer's tenth, 1 the least to 10 the most, shape (n,). NaN stays NaN.

    Equal values share a tenth, that of their middle, so the order of customers is irrelevant.
    """
    made = np.full(len(values), np.nan)
    present = np.flatnonzero(~np.isnan(values))
    ranks = Ranks.of(values[present], weights=np.ones(len(present)))
    made[present] = ranks.tenths[ranks.place] + 1
    return made
