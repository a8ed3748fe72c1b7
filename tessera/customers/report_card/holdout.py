"""A forecast in a test: what it expected at a cut-off, and what came after it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np

from tessera.customers.forecasting.history.behaviour import BehaviourDays, outcome
from tessera.customers.forecasting.history.known import known
from tessera.customers.forecasting.lesson import Lesson, learn
from tessera.customers.forecasting.ranges import range_of, total_range
from tessera.customers.purchase.fitting import Fitted, fit
from tessera.customers.purchase.kinds import KINDS
from tessera.customers.report_card.backtest import Backtest, Floats
from tessera.customers.report_card.decision import likeliest, missing
from tessera.records.scoring.report_card import RangeTest


@dataclasses.dataclass(frozen=True, kw_only=True)
class Holdout:
    """Customers at a cut-off, forecasts of them, and what they did.

    Parameters
    ----------
    backtest
        What was known of them, and what came.
    fits
        Every kind of purchase model, fitted to what was known. Empty without repeat buyers.
    lesson
        What was learnt before the cut-off. None without a fit, or with too little to test it on.
    silent
        By horizon in days: 1 for customers who did not order in it, shape (n,).
    """

    backtest: Backtest
    fits: tuple[Fitted, ...]
    lesson: Lesson | None
    silent: Mapping[int, Floats]

    @classmethod
    def cut(
        cls, days: BehaviourDays, *, day: dt.date, holdout_days: int, horizons: Sequence[int]
    ) -> Holdout:
        """Cut a history in two, and learn from the first part alone."""
        before = days.until(holdout_days)
        customers, numbers = known(before)
        came = outcome(days, numbers, cut_days_ago=holdout_days, window_days=holdout_days)
        backtest = Backtest(
            history=customers.history,
            past_spend=customers.net,
            orders=came.orders,
            spend=came.net,
            holdout_days=float(holdout_days),
        )
        tested = [one for one in horizons if one <= holdout_days]
        silent = {}
        for horizon in tested:
            after = outcome(days, numbers, cut_days_ago=holdout_days, window_days=horizon)
            silent[horizon] = (after.orders == 0).astype(np.float64)
        fits: tuple[Fitted, ...] = ()
        if backtest.repeat_buyers:
            fits = tuple(fit(customers.history, kind=kind) for kind in KINDS)
        lesson = (
            learn(
                before,
                customers=customers,
                day=day - dt.timedelta(days=holdout_days),
                model=likeliest(fits).model,
                asked_days=holdout_days,
                horizons=tested,
            )
            if fits and not missing(backtest)  # else nothing could be published of it
            else None
        )
        return cls(backtest=backtest, fits=fits, lesson=lesson, silent=silent)


def range_test(holdout: Holdout, orders: Floats) -> RangeTest | None:
    """Return whether the ranges of a forecast of orders held. None without a lesson."""
    if holdout.lesson is None:
        return None
    ranges, days = holdout.lesson.learnt.ranges, holdout.backtest.holdout_days
    low, high = total_range(
        float(orders.sum()), spread=ranges.orders_spread, days=days, span_days=ranges.span_days
    )
    inside = None
    if ranges.orders is not None and len(orders):
        least, most = range_of(ranges.orders, orders)
        came = holdout.backtest.orders
        inside = round(float(((least <= came) & (came <= most)).mean()), 6)
    return RangeTest(
        low=low, high=high, actual=float(holdout.backtest.orders.sum()), customers_inside=inside
    )
