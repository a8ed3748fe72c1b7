"""Forecasts of every customer: what the models say, as far as their test allows it to be shown."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np

from tessera.customers.exact_sums import ExactSums
from tessera.customers.forecasting.correction.applying import chance_of_no_order, expected_orders
from tessera.customers.forecasting.history.known import KnownBuyers
from tessera.customers.forecasting.history.snapshot import BuyerSnapshot
from tessera.customers.forecasting.horizons import NO_ORDER_DAYS, ORDER_DAYS
from tessera.customers.forecasting.lesson import mean_spend
from tessera.customers.forecasting.next_order import next_order_days
from tessera.customers.forecasting.ranges import range_of, total_range
from tessera.customers.forecasting.shown import (
    AMOUNTS,
    TENTHS,
    full_horizons,
    kept_columns,
    shown_amounts,
    shown_tenths,
)
from tessera.customers.forecasting.tenths import Edges, tenth_edges, tenths
from tessera.customers.money import Ints
from tessera.customers.purchase.kinds import model_of
from tessera.customers.purchase.pairs import Floats
from tessera.customers.spend.clv import ClvTerms, discounted_orders
from tessera.records.scoring.forecast_models import LearntModels, TotalRange
from tessera.records.scoring.learnt_forecasts import CustomerRanges, LearntForecasts

FloatBlocks = Callable[[], Iterable[Floats]]  # a column, some rows after the others

_BLOCK = 1 << 16  # customers that are forecast at a time: memory does not grow with a shop
_LEAST = 1e-200  # keeps a quotient finite, and that of the least likely customers true


@dataclasses.dataclass(frozen=True, kw_only=True)
class Forecast:
    """Predictions of some buyers, shape (n,) each.

    Parameters
    ----------
    columns
        Numbers by profile column, NaN for empty: ``historic_value``, and what is shown or ranked
        by. See ``shown``.
    days_to_next_order
        By ``early``, ``median`` and ``late``: days after as_of, 0 for none. Empty when withheld.
    """

    columns: dict[str, Floats]
    days_to_next_order: dict[str, Ints]


def forecast(
    people: KnownBuyers, *, record: LearntModels, terms: ClvTerms, as_of: dt.date
) -> Forecast:
    """Apply the models of a record that training made, in this run or an earlier one.

    Parameters
    ----------
    people
        Some of those with a purchase, as of the run's day.
    record
        What was learnt, and what may be shown of it.
    terms
        What a lifetime value counts.
    as_of
        The run's day.

    Notes
    -----
    Each customer's figures depend on that customer and the record alone.
    """
    made = {name: np.full(len(people), np.nan) for name in kept_columns(record)}
    days = {name: np.zeros(len(people), np.int64) for name in ("early", "median", "late")}
    if record.model is not None and record.learnt is not None:
        for rows in _blocks(people):
            columns, following = _predictions(
                people.take(rows), record=record, terms=terms, as_of=as_of
            )
            for name, kept in made.items():
                kept[rows] = columns.get(name, np.nan)
            for name, ahead in following.items():
                days[name][rows] = ahead
    chances = record.verdicts.no_order.values() if record.verdicts else ()
    return Forecast(
        columns={**made, "historic_value": terms.margin * people.net},
        days_to_next_order=days if any(one.grade == "full" for one in chances) else {},
    )


def ranks_of(record: LearntModels, column: Callable[[str], FloatBlocks]) -> dict[str, Edges]:
    """Return the edges of the tenths that may be shown, by their name.

    Parameters
    ----------
    column
        Returns a column of ``Forecast`` for all customers.
    """
    return {name: tenth_edges(column(by)) for name, by in shown_tenths(record).items()}


def shown(
    columns: Mapping[str, Floats], record: LearntModels, *, ranks: Mapping[str, Edges]
) -> dict[str, Floats]:
    """Return what may be shown by profile column. A column that is withheld is all empty.

    Parameters
    ----------
    columns
        Those of ``Forecast``, of some customers.
    ranks
        What ``ranks_of`` returned for all customers.
    """
    empty = np.full(len(columns["historic_value"]), np.nan)
    by = shown_tenths(record)
    return {
        **dict.fromkeys((*AMOUNTS, *TENTHS), empty),
        **{name: columns[name] for name in shown_amounts(record)},
        **{name: tenths(columns[by[name]], edges=edges) for name, edges in ranks.items()},
        "historic_value": columns["historic_value"],
    }


def _blocks(people: KnownBuyers) -> Iterator[Ints]:
    """Yield customers' rows, those with a like history together: models answer for each once."""
    history = people.history
    order = np.argsort(history.repeats * (1 + history.age_days.max(initial=0)) + history.age_days)
    return (order[start : start + _BLOCK] for start in range(0, len(order), _BLOCK))


def _predictions(
    people: KnownBuyers, *, record: LearntModels, terms: ClvTerms, as_of: dt.date
) -> tuple[dict[str, Floats], dict[str, Ints]]:
    """Return everything that the models say of some customers, shown or not."""
    learnt = record.learnt
    assert learnt is not None  # noqa: S101 (the caller looked)
    at = snapshot(people, record=record, as_of=as_of)
    model = at.model
    orders = expected_orders(learnt.orders, at)
    columns = {
        "p_alive": at.p_alive(),
        **{f"p_no_order_{days}d": chance for days, chance in _chances(learnt, at).items()},
        **_with_range("expected_orders_365d", orders, learnt.ranges.orders),
    }
    price = mean_spend(record.spend, people)
    if price is not None:
        columns |= _values(at, learnt, orders=orders, price=price, terms=terms)
    chances = {days: columns[f"p_no_order_{days}d"] for days in full_horizons(record)}
    return columns, next_order_days(model, at, chances) if chances else {}


def snapshot(people: KnownBuyers, *, record: LearntModels, as_of: dt.date) -> BuyerSnapshot:
    """Return customers with the models of a record that has any."""
    learnt, fitted = record.learnt, record.model
    assert learnt is not None  # noqa: S101 (the caller looked)
    assert fitted is not None  # noqa: S101 (the caller looked)
    return BuyerSnapshot(
        known=people,
        model=model_of(fitted.name, fitted.parameters),
        names=learnt.features,
        middle_spend=learnt.middle_spend,
        day=as_of - dt.timedelta(days=1),
        season=learnt.season,
    )


def _chances(learnt: LearntForecasts, at: BuyerSnapshot) -> dict[int, Floats]:
    """Return chances of no order by horizon: a longer one is never the likelier."""
    made: dict[int, Floats] = {}
    least = np.ones(len(at.known))
    for days in NO_ORDER_DAYS:
        least = np.minimum(least, chance_of_no_order(learnt.chances[str(days)], at))
        made[days] = least
    return made


def _values(
    at: BuyerSnapshot, learnt: LearntForecasts, *, orders: Floats, price: Floats, terms: ClvTerms
) -> dict[str, Floats]:
    """Return values over a year, which shops compare, and over the horizon that was asked for.

    Discounted orders are the purchase model's, times what its forecast of a year is corrected by.
    """
    factor = orders / np.maximum(at.by_model(ORDER_DAYS), _LEAST)

    def over(horizon: ClvTerms) -> Floats:
        rows = discounted_orders(at.model, at.known.history, terms=horizon)
        return horizon.margin * price * rows * factor

    year = over(dataclasses.replace(terms, horizon_days=ORDER_DAYS))
    asked = year if terms.horizon_days == ORDER_DAYS else over(terms)
    columns = {
        "clv_365d": year,
        "clv": asked,
        "total_value": terms.margin * at.known.net + year,
    }
    if learnt.ranges.money is None:
        return columns
    # Ranges are of undiscounted money. What is taken off the value is taken off them.
    money = orders * price
    low, high = range_of(learnt.ranges.money, money)
    kept = year / np.maximum(money, _LEAST)
    return {
        **columns,
        "clv_365d_from": np.minimum(low * kept, year),  # rounding must not take it above
        "clv_365d_to": np.maximum(high * kept, year),
    }


def _with_range(name: str, values: Floats, ranges: CustomerRanges | None) -> dict[str, Floats]:
    if ranges is None:
        return {name: values}
    low, high = range_of(ranges, values)
    return {name: values, f"{name}_from": low, f"{name}_to": high}


def forecast_totals(
    record: LearntModels, column: Callable[[str], FloatBlocks], *, asked_days: float
) -> dict[str, TotalRange]:
    """Return the totals that may be shown, each with its 80 % range.

    Parameters
    ----------
    column
        Returns a column of ``Forecast`` for all buyers.
    asked_days
        Of a lifetime value.

    Returns
    -------
    dict
        ``orders`` and ``money`` of a year, and ``clv`` over the horizon that was asked for. None
        that is withheld.
    """
    verdicts, learnt = record.verdicts, record.learnt
    if verdicts is None or learnt is None:
        return {}
    ranges = learnt.ranges
    orders = verdicts.orders, ranges.orders_spread
    money = verdicts.money, ranges.money_spread
    columns = {
        "orders": ("expected_orders_365d", ORDER_DAYS, orders),
        "money": ("clv_365d", ORDER_DAYS, money),
        "clv": ("clv", asked_days, money),
    }
    totals = {}
    for name, (of, days, (verdict, spread)) in columns.items():
        if verdict.grade != "full":
            continue
        total = _total(column(of)())
        if total is None:
            continue
        low, high = total_range(total, spread=spread, days=days, span_days=ranges.span_days)
        totals[name] = TotalRange(expected=round(total, 6), low=round(low, 6), high=round(high, 6))
    return totals


def _total(blocks: Iterable[Floats]) -> float | None:
    """Return the sum of everybody, the same for any blocks. None where one lacks a value."""
    sums, anybody = ExactSums(), False
    for values in blocks:
        if np.isnan(values).any():
            return None
        anybody = anybody or bool(len(values))
        sums.add(values)
    return sums[0] if anybody else None
