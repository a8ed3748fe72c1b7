"""A shop's history up to now, and what was known on earlier days of it."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np

from tessera.customers.forecasting.history.behaviour import BehaviourDays, WindowOutcome, outcome
from tessera.customers.forecasting.history.features import available, middle_spend
from tessera.customers.forecasting.history.known import KnownBuyers, known
from tessera.customers.forecasting.history.season import learn_season
from tessera.customers.forecasting.history.snapshot import BuyerSnapshot
from tessera.customers.forecasting.history.windows import CUTS, QUARTER, THIRD, earlier_cuts
from tessera.customers.forecasting.horizons import SEASON_DAYS
from tessera.customers.money import Ints
from tessera.customers.purchase.fitting import refit
from tessera.customers.purchase.kinds import Model
from tessera.records.scoring.learnt_forecasts import Season

_MOST_ROWS = 200_000  # of customer and cut
_LEAST_BEFORE_DAYS = 90  # of a history before a month counts for its season
_YEAR = 12


@dataclasses.dataclass(frozen=True, kw_only=True)
class Window:
    """Customers on an earlier day, and what they did in the days after it."""

    at: BuyerSnapshot
    came: WindowOutcome
    days: int


class Past:
    """A sample of a shop's customers. What is fitted on an earlier day is fitted once.

    Parameters
    ----------
    days
        Everything up to now.
    model
        Fitted to all these customers, of the kind chosen by likelihood before any test.
    day
        Now: the last day that is known.
    most_rows
        Of customer and cut: more customers are sampled.
    """

    def __init__(
        self, days: BehaviourDays, *, model: Model, day: dt.date, most_rows: int = _MOST_ROWS
    ) -> None:
        self._days, self._day = days.sample(most_rows // CUTS), day
        self.span_days = self._days.span_days
        today, numbers = known(self._days)
        everybody = self._days is days
        self._model = model if everybody else refit(today.history, near=model)
        self.names, self.middle_spend = available(today), middle_spend(today)
        self.season = self._season()
        self._known = {0: (self._snapshot(today, model=self._model), numbers)}

    @property
    def now(self) -> BuyerSnapshot:
        """The customers today."""
        return self._at(0)[0]

    def windows(self, days: int, *, until_days_ago: int = 0) -> list[Window]:
        """Return up to six windows of ``days`` that ended by ``until_days_ago``."""
        cuts = earlier_cuts(
            span_days=self.span_days,
            until_days_ago=until_days_ago,
            days=days,
            part=QUARTER if until_days_ago else THIRD,
        )
        return [self.window(cut, days) for cut in cuts]

    def window(self, cut_days_ago: int, days: int) -> Window:
        """Return the customers at a cut with their outcomes."""
        at, customers = self._at(cut_days_ago)
        came = outcome(self._days, customers, cut_days_ago=cut_days_ago, window_days=days)
        return Window(at=at, came=came, days=days)

    def forget_earlier(self) -> None:
        """Forget what was known on earlier days: forecasts of other horizons ask for others."""
        self._known = {0: self._known[0]}

    def _at(self, cut_days_ago: int) -> tuple[BuyerSnapshot, Ints]:
        if cut_days_ago not in self._known:
            customers, numbers = known(self._days, cut_days_ago=cut_days_ago)
            # Customers of an earlier day resemble today's: their model is near today's.
            model = refit(customers.history, near=self._model)
            made = self._snapshot(customers, model=model, cut_days_ago=cut_days_ago)
            self._known[cut_days_ago] = made, numbers
        return self._known[cut_days_ago]

    def _snapshot(
        self, customers: KnownBuyers, *, model: Model, cut_days_ago: int = 0
    ) -> BuyerSnapshot:
        return BuyerSnapshot(
            known=customers,
            model=model,
            names=self.names,
            middle_spend=self.middle_spend,
            day=self._day - dt.timedelta(days=cut_days_ago),
            season=self.season,
        )

    def _season(self) -> Season | None:
        """Compare each whole month with what the model of today expected of it."""
        if self.span_days < SEASON_DAYS:
            return None
        months, ratios = [], []
        for first, last in _whole_months(self._day, span_days=self.span_days):
            days, cut = (last - first).days + 1, (self._day - first).days + 1
            customers, numbers = known(self._days, cut_days_ago=cut)
            rows, _ = customers.history.distinct()
            expected = float((self._model.expected_orders(rows, days=days) * rows.weights).sum())
            came = outcome(self._days, numbers, cut_days_ago=cut, window_days=days).orders.sum()
            months.append(_YEAR * first.year + first.month - 1)
            ratios.append(float(np.log((came + 1) / (expected + 1))))
        return learn_season(np.array(months, np.float64), np.array(ratios))


def _whole_months(day: dt.date, *, span_days: int) -> list[tuple[dt.date, dt.date]]:
    """Return first and last days of the months up to ``day`` that have a history before them."""
    months: list[tuple[dt.date, dt.date]] = []
    end = (day + dt.timedelta(days=1)).replace(day=1)
    start = day - dt.timedelta(days=span_days - _LEAST_BEFORE_DAYS)
    while True:
        last = end - dt.timedelta(days=1)
        end = last.replace(day=1)
        if end < start:
            return months[::-1]
        months.append((end, last))
