"""A forecast in a test: what it expected at a cut-off, and what came after it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Mapping, Sequence

import numpy as np

from tessera.customers.forecasting.history.behaviour import BehaviourDays, outcome
from tessera.customers.forecasting.history.known import KnownBuyers, known
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


@dataclasses.dataclass(frozen=True, kw_only=True)
class Cut:
    """A history cut in two, and what can be known before anything is learnt.

    Parameters
    ----------
    before
        The first part.
    customers
        What was known of everybody then.
    day
        The last day of the first part.
    backtest, silent
        As in ``Holdout``.
    """

    before: BehaviourDays
    customers: KnownBuyers
    day: dt.date
    backtest: Backtest
    silent: Mapping[int, Floats]

    @classmethod
    def of(
        cls, days: BehaviourDays, *, day: dt.date, holdout_days: int, horizons: Sequence[int]
    ) -> Cut:
        """Cut off the last days of a history that ends with ``day``."""
        before = days.until(holdout_days)
        customers, numbers = known(before)
        came = outcome(days, numbers, cut_days_ago=holdout_days, window_days=holdout_days)
        silent = {}
        for horizon in (one for one in horizons if one <= holdout_days):
            after = outcome(days, numbers, cut_days_ago=holdout_days, window_days=horizon)
            silent[horizon] = (after.orders == 0).astype(np.float64)
        return cls(
            before=before,
            customers=customers,
            day=day - dt.timedelta(days=holdout_days),
            backtest=Backtest(
                history=customers.history,
                past_spend=customers.net,
                orders=came.orders,
                spend=came.net,
                holdout_days=float(holdout_days),
            ),
            silent=silent,
        )

    @functools.cached_property
    def fits(self) -> tuple[Fitted, ...]:
        """Every kind of purchase model, fitted to the first part. Empty without repeat buyers."""
        if not self.backtest.repeat_buyers:
            return ()
        return tuple(fit(self.customers.history, kind=kind) for kind in KINDS)

    @property
    def can_be_tested(self) -> bool:
        """Whether something of it could be published."""
        return bool(self.fits) and not missing(self.backtest)

    def holdout(self) -> Holdout:
        """Learn from the first part alone."""
        lesson = None
        if self.can_be_tested:
            lesson = learn(
                self.before,
                customers=self.customers,
                day=self.day,
                model=likeliest(self.fits).model,
                asked_days=round(self.backtest.holdout_days),
                horizons=tuple(self.silent),
            )
        return Holdout(backtest=self.backtest, fits=self.fits, lesson=lesson, silent=self.silent)


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
