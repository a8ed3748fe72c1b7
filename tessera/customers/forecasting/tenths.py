"""Tenths: the order of customers, without figures."""

from __future__ import annotations

import numpy as np

from tessera.customers.purchase.pairs import Floats

Edges = tuple[float, ...]

_TENTHS = 10


def tenth_edges(values: Floats) -> Edges:
    """Return the least values beyond one tenth, two, … and nine of all customers.

    Equal values share a tenth, that of their middle, so the order of customers is irrelevant.
    """
    missing = np.isnan(values)
    ordered = np.sort(values[~missing] if missing.any() else values)
    return tuple(_least(ordered, tenth=tenth) for tenth in range(1, _TENTHS))


def tenths(values: Floats, *, edges: Edges | None = None) -> Floats:
    """Return each customer's tenth, 1 the least to 10 the most, shape (n,). NaN stays NaN.

    Parameters
    ----------
    values
        Of some customers.
    edges
        Of all customers. By default these are all.
    """
    made = np.ones(len(values))
    for least in tenth_edges(values) if edges is None else edges:
        made += values >= least
    made[np.isnan(values)] = np.nan
    return made


def _least(ordered: Floats, *, tenth: int) -> float:
    """Return the least of ascending values that is beyond so many tenths."""
    customers = len(ordered)
    place = tenth * customers // _TENTHS
    if place == customers:
        return np.inf
    first, after = (
        int(np.searchsorted(ordered, ordered[place], side)) for side in ("left", "right")
    )
    if _TENTHS * (first + after) >= 2 * tenth * customers:  # the middle of those that are equal
        return float(ordered[place])
    return float(ordered[after]) if after < customers else np.inf
