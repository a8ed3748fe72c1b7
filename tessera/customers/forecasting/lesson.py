"""All that is learnt on one day of a shop: purchase model, spend model, and their corrections."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

import numpy as np

from tessera.customers.forecasting.correction.applying import (
    LEVEL_TRUST,
    chance_of_no_order,
    expected_orders,
)
from tessera.customers.forecasting.correction.learning import (
    TestedOrders,
    learn_chance,
    learn_orders,
)
from tessera.customers.forecasting.history.behaviour import BehaviourDays
from tessera.customers.forecasting.history.known import KnownBuyers
from tessera.customers.forecasting.history.past import Past, Window
from tessera.customers.forecasting.history.snapshot import BuyerSnapshot
from tessera.customers.forecasting.history.windows import THIRD, window_days
from tessera.customers.forecasting.ranges import customer_ranges, total_spread
from tessera.customers.purchase.kinds import Model
from tessera.customers.purchase.pairs import Floats
from tessera.customers.spend.fitting import FittedSpend, fit_spend
from tessera.customers.spend.gamma_gamma import SpendModel
from tessera.customers.spend.history import SpendHistory
from tessera.errors import InvalidInput
from tessera.records.scoring.forecast_models import SpendFit
from tessera.records.scoring.learnt_forecasts import LearntForecasts, LearntRanges


@dataclasses.dataclass(frozen=True, kw_only=True)
class Lesson:
    """What was learnt by one day, and the customers of that day.

    Parameters
    ----------
    at
        The customers with the purchase model.
    spend
        The spend model. None where nobody has bought twice for a positive amount.
    learnt
        The corrections.
    """

    at: BuyerSnapshot
    spend: FittedSpend | None
    learnt: LearntForecasts

    def orders(self) -> Floats:
        """Return the purchase days to expect of each customer, shape (n,)."""
        return expected_orders(self.learnt.orders, self.at)

    def no_order(self, days: int) -> Floats:
        """Return each customer's chance of no order within a horizon that was learnt."""
        return chance_of_no_order(self.learnt.chances[str(days)], self.at)

    def mean_spend(self) -> Floats | None:
        """Return the money to expect of a purchase day, shape (n,)."""
        return mean_spend(self.spend, self.at.known)


def learn(
    days: BehaviourDays,
    *,
    customers: KnownBuyers,
    day: dt.date,
    model: Model,
    asked_days: int,
    horizons: Sequence[int],
) -> Lesson:
    """Learn everything from what is known.

    Parameters
    ----------
    days
        Everything up to now.
    customers
        What is known of everybody with a purchase in ``days``.
    day
        Now: the last day that is known.
    model
        The purchase model of these customers today.
    asked_days
        What orders are forecast for.
    horizons
        What chances of no order are forecast for, in days.
    """
    past = Past(days, model=model, day=day)
    at = dataclasses.replace(past.now, known=customers, model=model)
    orders, tested = learn_orders(past, asked_days=asked_days)
    ranges = _ranges(past, tested, asked_days=asked_days, level=orders.level)
    chances = {}
    for horizon in horizons:
        past.forget_earlier()  # half of the memory
        chances[str(horizon)] = learn_chance(past, days=horizon)
    return Lesson(
        at=at,
        spend=spend_model(customers),
        learnt=LearntForecasts(
            features=past.names,
            middle_spend=past.middle_spend,
            orders=orders,
            chances=chances,
            ranges=ranges,
            season=past.season,
        ),
    )


def spend_history(customers: KnownBuyers) -> SpendHistory:
    """Return the spend model's input."""
    repeats = customers.history.repeats
    mean = np.full(len(repeats), np.nan)
    np.divide(customers.repeat_net, repeats, out=mean, where=repeats > 0)
    return SpendHistory.of(repeats, mean_spend=mean)


def mean_spend(spend: SpendFit | None, customers: KnownBuyers) -> Floats | None:
    """Return the money to expect of a purchase day, shape (n,). None without a spend model."""
    if spend is None:
        return None
    return SpendModel.of(spend.model).expected_mean_spend(spend_history(customers))


def spend_model(customers: KnownBuyers) -> FittedSpend | None:
    """Return the spend model, or None where nobody has bought twice for money: no error."""
    try:
        return fit_spend(spend_history(customers))
    except InvalidInput:
        return None


def _ranges(
    past: Past, tested: TestedOrders | None, *, asked_days: int, level: float
) -> LearntRanges:
    days = window_days(asked_days, span_days=past.span_days, part=THIRD)
    windows = past.windows(days)
    pairs = [_off(one, level=level) for one in windows]
    orders_off = np.array([orders for orders, _ in pairs if orders is not None])
    money_off = np.array([money for _, money in pairs if money is not None])
    money = None
    if tested is not None:
        prices = _prices(tested.window)
        came = np.maximum(tested.window.came.net, 0.0)
        money = None if prices is None else customer_ranges(tested.orders * prices, came)
    return LearntRanges(
        orders=customer_ranges(tested.orders, tested.window.came.orders) if tested else None,
        money=money,
        orders_spread=total_spread(orders_off),
        money_spread=total_spread(money_off),
        span_days=days,
    )


def _off(window: Window, *, level: float) -> tuple[float | None, float | None]:
    """Return by how much the totals of orders and money were off at a cut, in logarithms."""
    expected = window.at.expected(window.days) * level**LEVEL_TRUST
    prices = _prices(window)
    money = None if prices is None else _log_ratio(window.came.net, expected * prices)
    return _log_ratio(window.came.orders, expected), money


def _prices(window: Window) -> Floats | None:
    return mean_spend(spend_model(window.at.known), window.at.known)


def _log_ratio(came: Floats, expected: Floats) -> float | None:
    both = float(came.sum()), float(expected.sum())
    return float(np.log(both[0] / both[1])) if min(both) > 0 else None
