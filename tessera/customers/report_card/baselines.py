"""Naive predictions that a model has to beat: what a shop would assume without one."""

from __future__ import annotations

import numpy as np

from tessera.customers.report_card.backtest import Backtest, Floats

SAME_RATE = "same_rate"
SEGMENT_AVERAGE = "segment_average"
MEANINGS = {
    SAME_RATE: "everybody keeps buying at the same rate",
    SEGMENT_AVERAGE: "everybody buys at the average rate of customers with as many purchases",
}

_MANY = 10  # repeats: customers with so many or more are one segment


def baselines(backtest: Backtest) -> dict[str, Floats]:
    """Return the orders that each baseline expects of each customer in the holdout, shape (n,)."""
    return {SAME_RATE: same_rate(backtest), SEGMENT_AVERAGE: segment_average(backtest)}


def same_rate(backtest: Backtest) -> Floats:
    """Return repeats / age × days: the customer's own rate so far. 0 on the first day of all."""
    history = backtest.history
    rate = np.zeros(len(history.repeats))
    np.divide(history.repeats, history.age_days, out=rate, where=history.age_days > 0)
    return rate * backtest.holdout_days


def segment_average(backtest: Backtest) -> Floats:
    """Return the rate of all customers with as many repeats × days.

    Notes
    -----
    A segment is everybody with 0, 1, … 9, or 10 and more repeats at the cut-off. Its rate is all
    its customers' repeats over all their days, both before the cut-off: nothing of the holdout.
    """
    history, weights = backtest.history, backtest.weights
    segment = np.minimum(history.repeats, _MANY).astype(np.int64)
    repeats = np.bincount(segment, weights=weights * history.repeats, minlength=_MANY + 1)
    days = np.bincount(segment, weights=weights * history.age_days, minlength=_MANY + 1)
    rate = np.zeros(_MANY + 1)
    np.divide(repeats, days, out=rate, where=days > 0)
    expected: Floats = rate[segment] * backtest.holdout_days
    return expected
