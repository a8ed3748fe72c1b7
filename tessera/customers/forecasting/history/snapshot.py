"""Customers on one day with a purchase model: what the corrections start from."""

from __future__ import annotations

import dataclasses
import datetime as dt
from functools import cached_property

import numpy as np

from tessera.customers.forecasting.history.features import log_features, plain_features
from tessera.customers.forecasting.history.known import KnownBuyers
from tessera.customers.forecasting.history.season import seasonal
from tessera.customers.purchase.kinds import Model
from tessera.customers.purchase.pairs import Floats
from tessera.records.scoring.learnt_forecasts import Season

_SURELY = 1e-9


@dataclasses.dataclass(frozen=True, kw_only=True)
class BuyerSnapshot:
    """What is known of customers, and what the purchase model makes of it. Shape (n,) each.

    Parameters
    ----------
    known
        The customers.
    model
        Fitted to this history or an earlier one.
    names
        The features to read.
    middle_spend
        A typical net money per purchase day, for the features of money.
    day
        The last day that is known.
    season
        The levels of months. None without.
    """

    known: KnownBuyers
    model: Model
    names: tuple[str, ...]
    middle_spend: float
    day: dt.date
    season: Season | None = None

    def expected(self, days: float) -> Floats:
        """Return the purchase days that the model expects within so many days of the season."""
        return seasonal(self.season, after=self.day, days=days) * self.by_model(days)

    def by_model(self, days: float) -> Floats:
        """Return the purchase days that the model alone expects within so many days."""
        if days not in self._orders:
            rows, place = self.known.history.distinct()
            self._orders[days] = self.model.expected_orders(rows, days=days)[place]
        return self._orders[days]

    def no_order(self, days: float) -> Floats:
        """Return the model's chance of no order in so many days of the season, inside (0, 1)."""
        level = seasonal(self.season, after=self.day, days=days)
        return np.clip(self.no_order_by_model(days) ** level, _SURELY, 1 - _SURELY)

    def no_order_by_model(self, days: float) -> Floats:
        """Return the model's own chance of no order within so many days, inside (0, 1)."""
        if days not in self._chances:
            rows, place = self.known.history.distinct()
            chance = self.model.p_no_order(rows, days=days)[place]
            self._chances[days] = np.clip(chance, _SURELY, 1 - _SURELY)
        return self._chances[days]

    def p_alive(self) -> Floats:
        """Return the model's chance that customers have not dropped out, in [0, 1]."""
        rows, place = self.known.history.distinct()
        return self.model.p_alive(rows)[place]

    def features_of(self, names: tuple[str, ...]) -> Floats:
        """Return some of the factor's features, in the order of their names."""
        if names == self.names:
            return self.features
        places = [self.names.index(name) for name in names]
        return self.features.T[places].T

    def plain_of(self, names: tuple[str, ...]) -> Floats:
        """Return the trees' features that know no more than some of the factor's."""
        if names not in self._plain:
            self._plain[names] = plain_features(self.known, names=names)
        return self._plain[names]

    @cached_property
    def features(self) -> Floats:
        """The factor's features."""
        return log_features(
            self.known,
            names=self.names,
            forecast_30d=self.expected(30),
            middle_spend=self.middle_spend,
        )

    @property
    def plain(self) -> Floats:
        """The trees' features."""
        return self.plain_of(self.names)

    # What was computed: several forecasts start from the same.
    @cached_property
    def _plain(self) -> dict[tuple[str, ...], Floats]:
        return {}

    @cached_property
    def _orders(self) -> dict[float, Floats]:
        return {}

    @cached_property
    def _chances(self) -> dict[float, Floats]:
        return {}
