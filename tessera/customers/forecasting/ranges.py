"""Ranges of forecasts from what happened before: of one customer, and of all together."""

from __future__ import annotations

import numpy as np

from tessera.customers.purchase.pairs import Floats
from tessera.records.scoring.learnt_forecasts import CustomerRanges

LEVEL = 0.8  # of a range: one in ten is below it, one in ten above
_GROUPS = 20
_SURE = 1.282  # standard deviations to the 90 % point
_USUAL_SPREAD = 0.13  # of log totals: what four shops' cuts were off by
_WORTH_CUTS = 4  # of a shop's cuts, as many as that prior counts for
_DIGITS = 9


def customer_ranges(forecast: Floats, came: Floats) -> CustomerRanges | None:
    """Return the middle 80 % of what came to customers with a like forecast. None of nobody.

    Notes
    -----
    Conformal: no assumption but that later customers resemble earlier ones of a like forecast.
    Outcomes are whole numbers, so ranges hold more often than 80 %.

    References
    ----------
    Vovk, Gammerman & Shafer (2005), "Algorithmic Learning in a Random World".
    """
    if not len(forecast):
        return None
    edges = np.unique(np.quantile(forecast, np.linspace(0, 1, _GROUPS + 1)[1:-1]))
    group = np.searchsorted(edges, forecast)
    present = np.unique(group)
    edges = edges[present[:-1]]
    low, high = [], []
    for place in present:
        ordered, below = np.sort(came[group == place]), (1 - LEVEL) / 2
        last = len(ordered) - 1
        low.append(float(ordered[int(np.floor(below * last))]))
        upper = int(np.ceil((1 - below) * (len(ordered) + 1))) - 1
        high.append(float(ordered[min(upper, last)]))
    return CustomerRanges(
        edges=tuple(round(edge, _DIGITS) for edge in edges.tolist()),
        low=tuple(low),
        high=tuple(high),
        most=round(float(forecast[group == present[-1]].mean()), _DIGITS),
    )


def range_of(ranges: CustomerRanges, forecast: Floats) -> tuple[Floats, Floats]:
    """Return the low and the high end of customers' ranges, shape (n,) each.

    A forecast above the mean of the last group widens that group's range in proportion. The
    forecast is always inside its range.
    """
    group = np.searchsorted(np.array(ranges.edges), forecast)
    beyond = np.maximum(forecast / max(ranges.most, 1e-9), 1.0)
    high = np.array(ranges.high)[group] * np.where(group == len(ranges.edges), beyond, 1.0)
    low = np.array(ranges.low)[group]
    return np.minimum(low, forecast), np.maximum(high, forecast)


def total_spread(log_errors: Floats) -> float:
    """Return the standard deviation of a total's logarithm from what earlier totals were off by."""
    squares = _WORTH_CUTS * _USUAL_SPREAD**2 + float(np.square(log_errors).sum())
    return round(float(np.sqrt(squares / (_WORTH_CUTS + len(log_errors)))), _DIGITS)


def total_range(
    total: float, *, spread: float, days: float, span_days: float
) -> tuple[float, float]:
    """Return the 80 % range of a total. It widens with the root of the days beyond the test."""
    wider = spread * float(np.sqrt(max(days / max(span_days, 1.0), 1.0)))
    return total * float(np.exp(-_SURE * wider)), total * float(np.exp(_SURE * wider))
