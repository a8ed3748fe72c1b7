"""When the next order is to be expected."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from tessera.customers.money import Ints
from tessera.customers.purchase import likelihood
from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.purchase.model import Terms
from tessera.customers.purchase.pairs import Floats

HORIZON_DAYS = 3 * 365
_SINGLE_DAYS = 128.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class OrderDay:
    """The day by which an order has come with some chance.

    Parameters
    ----------
    days
        Shape (n,), whole days after the observation, at least 1. 0 where not ``likely``.
    likely
        Shape (n,), whether an order comes within the horizon with that chance at all.
    """

    days: Ints
    likely: npt.NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, kw_only=True)
class NextOrder:
    """When each customer's next order comes.

    Parameters
    ----------
    early, late
        Between them it comes with a chance of 80 %: before the first, and after the second, with
        10 % each.
    median
        As likely before as after.
    """

    early: OrderDay
    median: OrderDay
    late: OrderDay


def next_order(
    model: Terms, history: PurchaseHistory, *, horizon_days: int = HORIZON_DAYS
) -> NextOrder:
    """Return the median day of the next order, and an interval of 80 % around it.

    Customers who will never buy again count as those whose order comes after everyone else's, so
    most of a shop's customers have an early day and no late one.
    """
    rows, place = history.distinct()
    early, median, late = (
        _everyones(order_day(model, rows, chance=chance, horizon_days=horizon_days), place)
        for chance in (0.1, 0.5, 0.9)
    )
    return NextOrder(early=early, median=median, late=late)


def order_day(
    model: Terms, history: PurchaseHistory, *, chance: float | Floats, horizon_days: int
) -> OrderDay:
    """Return the first whole day by which an order has come with the given chance, or each row's.

    Of those who ever return, the share of orders still to come after ``days`` is
    e^(U(x, T + days) - U(x, T)), with U the model's ``log_later``. The day is where that share is
    1 - chance / (chance of returning): U is turned around once for each number of repeats, in a
    table so fine that the day is right to a hundredth.
    """
    rows, place = history.distinct()
    later, returns = (each[place] for each in likelihood.p_return(model, rows))
    chances = np.broadcast_to(np.asarray(chance, np.float64), returns.shape)
    possible = np.flatnonzero(returns > chances)
    counts, ages = history.counts[possible], history.age_days[possible]
    target = later[possible] + np.log1p(-chances[possible] / returns[possible])
    table = _days_after_first(float(ages.max(initial=0.0)) + horizon_days + 1)
    reached = _reached(model, counts, target, table=table)
    days_ahead = np.maximum(np.ceil(reached - ages), 1.0).astype(np.int64)
    days = np.zeros(len(history), np.int64)
    days[possible] = np.where(days_ahead <= horizon_days, days_ahead, 0)
    return OrderDay(days=days, likely=days > 0)


def _days_after_first(end: float) -> Floats:
    """Return days from 0 to ``end``: one by one at first, then in steps of 1 %."""
    steps = int(np.log1p(end / _SINGLE_DAYS) / 0.01) + 2
    later = np.geomspace(_SINGLE_DAYS, _SINGLE_DAYS + end, steps)
    return np.concatenate([np.arange(_SINGLE_DAYS), later])


def _reached(model: Terms, counts: Ints, target: Floats, *, table: Floats) -> Floats:
    """Return the day at which U of as many repeats falls to each target, shape (n,)."""
    order = np.argsort(counts, kind="stable")
    changes = np.flatnonzero(np.diff(counts[order])) + 1
    scale, reached = np.log1p(table), np.empty(len(counts))
    for rows in np.split(order, changes) if len(order) else []:
        falling = model.log_later(np.full(len(table), float(counts[rows[0]])), table)
        reached[rows] = np.interp(-target[rows], -falling, scale)
    return np.expm1(reached)


def _everyones(day: OrderDay, place: Ints) -> OrderDay:
    return OrderDay(days=day.days[place], likely=day.likely[place])
