"""Fewer rows that stand for many: good enough to find out where the best parameters are."""

from __future__ import annotations

import dataclasses

import numpy as np

from tessera.customers.money import Ints
from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.purchase.pairs import Floats, totals

ENOUGH_ROWS = 20_000  # with no more than this, a fit needs no shortcut
_BINS = 26  # of days: two weeks each over a year


def coarsened(history: PurchaseHistory) -> PurchaseHistory:
    """Return weighted cells of repeats, last day and age, each at its bins' mean days."""
    longest = float(history.age_days.max(initial=0.0))
    if len(history) <= ENOUGH_ROWS or not longest:
        return history
    again, width = history.repeats > 0, longest / _BINS
    lasts = _bins(history.last_day, width) * again  # bin 0 is for those without
    ages = _bins(history.age_days, width)
    cells, _ = dataclasses.replace(
        history, last_day=lasts.astype(np.float64), age_days=ages.astype(np.float64)
    ).distinct()
    age = _means(history.age_days, ages, weights=history.weights)[cells.age_days.astype(np.int64)]
    last = _means(history.last_day, lasts, weights=history.weights)
    return dataclasses.replace(
        cells, last_day=np.minimum(last[cells.last_day.astype(np.int64)], age), age_days=age
    )


def _bins(days: Floats, width: float) -> Ints:
    return 1 + np.minimum(days / width, _BINS - 1).astype(np.int64)


def _means(days: Floats, bins: Ints, *, weights: Floats) -> Floats:
    customers = totals(bins, weights=weights)
    sums = totals(bins, weights=weights * days)
    return np.divide(sums, customers, out=np.zeros(len(sums)), where=customers > 0)
