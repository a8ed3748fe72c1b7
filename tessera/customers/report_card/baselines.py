"""Naive predictions that a model has to beat: what a shop would assume without one.

Each is shrunk by one average customer's worth of time, so that nobody is expected to buy exactly
nothing: a loss would then be infinite.
"""

from __future__ import annotations

import numpy as np

from tessera.customers.ranks import TENTHS, Ranks
from tessera.customers.report_card.backtest import Backtest, Floats
from tessera.customers.report_card.words import (
    PAST_SPEND,
    SAME_CHANCE,
    SAME_RATE,
    SEGMENT_AVERAGE,
    SILENCE,
)

_MANY = 10  # repeats: customers with so many or more are one segment


def baselines(backtest: Backtest, *, days: float | None = None) -> dict[str, Floats]:
    """Return the orders that each baseline expects of each customer, shape (n,).

    Parameters
    ----------
    days
        Within so many days after the cut-off. By default the whole holdout.
    """
    ahead = backtest.holdout_days if days is None else days
    return {
        SAME_RATE: same_rate(backtest) * ahead,
        SEGMENT_AVERAGE: segment_average(backtest) * ahead,
        SILENCE: by_silence(backtest) * ahead,
    }


def same_rate(backtest: Backtest) -> Floats:
    """Return (repeats + 1) / (age + mean days per repeat): the customer's own rate a day."""
    history = backtest.history
    return (history.repeats + 1) / (history.age_days + _days_per_repeat(backtest))


def segment_average(backtest: Backtest) -> Floats:
    """Return the rate of all customers with as many repeats, a day.

    Notes
    -----
    A segment is everybody with 0, 1, … 9, or 10 and more repeats at the cut-off. Its rate is all
    its customers' repeats over all their days, both before the cut-off: nothing of the holdout.
    """
    history, weights = backtest.history, backtest.weights
    segment = np.minimum(history.repeats, _MANY).astype(np.int64)
    repeats = np.bincount(segment, weights=weights * history.repeats, minlength=_MANY + 1)
    days = np.bincount(segment, weights=weights * history.age_days, minlength=_MANY + 1)
    rate = (repeats + 1) / (days + _days_per_repeat(backtest))
    return rate[segment]


def by_silence(backtest: Backtest) -> Floats:
    """Return the mean of ``same_rate`` among the tenth of customers who were silent as long."""
    history, weights = backtest.history, backtest.weights
    silence = Ranks.of(history.age_days - history.last_day, weights=weights)
    tenth = silence.tenths[silence.place]
    people = np.bincount(tenth, weights=weights, minlength=TENTHS)
    rates = np.bincount(tenth, weights=weights * same_rate(backtest), minlength=TENTHS)
    return (rates / np.maximum(people, 1e-12))[tenth]


def chances(backtest: Backtest, *, days: float, silent: Floats) -> dict[str, Floats]:
    """Return the chance of no order that each baseline gives, shape (n,).

    Parameters
    ----------
    days
        The horizon.
    silent : shape (n,)
        1 for customers who did not order in it. Their share is everybody's same chance: a rule
        that knows the answer in the mean, and no customer.
    """
    by_rate = {name: np.exp(-orders) for name, orders in baselines(backtest, days=days).items()}
    share = np.full(len(silent), float(silent.mean()) if len(silent) else 0.0)
    return {**by_rate, SAME_CHANCE: share}


def money(backtest: Backtest, *, mean_spend: Floats) -> dict[str, Floats]:
    """Return the net money that each baseline expects of each customer in the holdout.

    Parameters
    ----------
    mean_spend : shape (n,)
        What the spend model expects of a purchase day: the price of the naive orders.
    """
    history, days = backtest.history, backtest.holdout_days
    wait = _days_per_repeat(backtest)
    typical = float(backtest.past_spend.sum()) / max(float((history.repeats + 1).sum()), 1.0)
    past = np.maximum((backtest.past_spend + typical) / (history.age_days + 2 * wait), 1e-9) * days
    priced = {f"{name}_money": orders * mean_spend for name, orders in baselines(backtest).items()}
    return {PAST_SPEND: past, **priced}


def _days_per_repeat(backtest: Backtest) -> float:
    history, weights = backtest.history, backtest.weights
    repeats = max(float((weights * history.repeats).sum()), 1.0)
    return float((weights * history.age_days).sum()) / repeats or 1.0
