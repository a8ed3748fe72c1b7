"""Exact sums of the customers of each label, for every segment set in one pass.

Recency, orders, order value and forecasts are about buyers. A customer who has only looked adds to
the number of customers and to nothing else.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt

from tessera.customers.money import GroupTotals, Ints, amount_text
from tessera.records.scoring.groups import GroupStatistics
from tessera.records.scoring.score import CustomerGroup
from tessera.segments.assignment import Codes

Floats = npt.NDArray[np.float64]


class Sliced(Protocol):
    """A column, in memory or read where it is sliced."""

    def __getitem__(self, rows: slice, /) -> npt.NDArray[Any]:
        """Return some rows."""
        ...


Columns = Mapping[str, Sliced]

_CHUNK = 1 << 18  # rows: what a chunk needs fits the processor's cache
_CENTS = 100
_CHANCES = 10**9  # a probability as a whole number, so that its sum is the same in any order
_MINOR_PER_CENT = 100
_MONEY = {
    "historic_value_avg": "historic_value",
    "clv_avg": "clv_365d",
    "clv_from_avg": "clv_365d_from",
    "clv_to_avg": "clv_365d_to",
}
_NO_ORDER = "p_no_order_90d"
_UNITS: Mapping[str, int] = {**dict.fromkeys(_MONEY.values(), _CENTS), _NO_ORDER: _CHANCES}


@dataclasses.dataclass(frozen=True, kw_only=True)
class CustomerValues:
    """What is added up, shape (n,) each.

    Parameters
    ----------
    recency_days
        Calendar days since the last purchase. Meaningless without one.
    orders
        Purchases. 0 for a customer who has only looked.
    monetary
        Net money in minor units.
    """

    recency_days: Ints
    orders: Ints
    monetary: Ints

    def __len__(self) -> int:
        """Return how many customers they are."""
        return len(self.orders)

    def take(self, rows: slice) -> Self:
        """Return some customers."""
        return type(self)(**{name: values[rows] for name, values in vars(self).items()})


class ValuesInParts(Protocol):
    """Customers' values, in memory or read where some are taken."""

    def __len__(self) -> int:
        """Return how many customers they are."""
        ...

    def take(self, rows: slice, /) -> CustomerValues:
        """Return some customers."""
        ...


@dataclasses.dataclass(frozen=True, kw_only=True)
class LabelCodes:
    """One segment set as everyone has it.

    Parameters
    ----------
    labels
        Its labels, in order.
    codes
        Shape (n,): each customer's position among them.
    """

    labels: Sequence[str]
    codes: Sliced


class GroupSums:
    """Exact sums of disjoint groups of customers.

    Parameters
    ----------
    count
        How many groups there are, from 0 on.
    averaged
        The names of the columns beside those of ``CustomerValues``.
    """

    def __init__(self, count: int, *, averaged: Sequence[str] = ()) -> None:
        self._customers, self._buyers = GroupTotals(count), GroupTotals(count)
        self._orders, self._money, self._days = (GroupTotals(count) for _ in range(3))
        self._known = {name: GroupTotals(count) for name in averaged}
        self._sums = {name: GroupTotals(count) for name in averaged}

    def add(self, chunk: _Chunk, *, codes: Ints) -> None:
        """Add some customers, each to the group of its code."""
        self._customers.add(np.ones_like(codes), groups=codes)
        self._buyers.add(chunk.bought, groups=codes)
        self._orders.add(chunk.orders, groups=codes)
        self._money.add(chunk.money, groups=codes)
        self._days.add(chunk.days, groups=codes)
        for name, (known, values) in chunk.averaged.items():
            self._known[name].add(known, groups=codes)
            self._sums[name].add(values, groups=codes)

    def row(self, code: int) -> CustomerGroup:
        """Return a group's numbers. None for a mean of nobody."""
        orders, money, everything = self._orders[code], self._money[code], self._money.everyone
        return CustomerGroup(
            customers=self._customers[code],
            share=round(self._customers[code] / max(self._customers.everyone, 1), 6),
            monetary=amount_text(money),
            monetary_share=round(money / everything, 6) if everything else 0.0,
            mean_recency_days=self._per_buyer(self._days, code),
            mean_frequency=self._per_buyer(self._orders, code),
            mean_order_value=amount_text(money, per=orders) if orders else None,
        )

    def statistics(self, code: int, *, group: str) -> GroupStatistics:
        """Return a group's numbers as they are published, with averages of forecasts."""
        row = self.row(code)
        chances = self._known.get(_NO_ORDER)
        known = chances[code] if chances else 0
        return GroupStatistics(
            group=group,
            uuids=row.customers,
            buyers=self._buyers[code],
            percentage=_percentage(row.share),
            order_count_avg=row.mean_frequency,
            timeliness_avg_days=row.mean_recency_days,
            monetary=row.monetary,
            monetary_percentage=_percentage(row.monetary_share),
            mean_order_value=row.mean_order_value,
            p_no_order_90d_avg=round(self._sums[_NO_ORDER][code] / known / _CHANCES, 6)
            if known
            else None,
            **{field: self._money_average(name, code) for field, name in _MONEY.items()},
        )

    def _per_buyer(self, totals: GroupTotals, code: int) -> float | None:
        buyers = self._buyers[code]
        return round(totals[code] / buyers, 2) if buyers else None

    def _money_average(self, name: str, code: int) -> str | None:
        known = self._known[name][code] if name in self._known else 0
        return amount_text(_MINOR_PER_CENT * self._sums[name][code], per=known) if known else None


def group_statistics(
    values: ValuesInParts, *, forecasts: Columns, sets: Mapping[str, LabelCodes]
) -> dict[str, tuple[GroupStatistics, ...]]:
    """Return every group of every set in numbers, in the sets' order, empty groups included.

    Parameters
    ----------
    values
        Of all customers.
    forecasts
        Columns of the profiles by name, shape (n,), NaN for empty. Those that no average needs
        are not read. An average whose column is missing is None.
    sets
        By name.
    """
    averaged = {name: forecasts[name] for name in _UNITS if name in forecasts}
    sums = {
        name: GroupSums(len(one.labels), averaged=tuple(averaged)) for name, one in sets.items()
    }
    for start in range(0, len(values), _CHUNK):
        part = slice(start, start + _CHUNK)
        chunk = _chunk(
            values.take(part), averaged={name: column[part] for name, column in averaged.items()}
        )
        for name, one in sets.items():
            sums[name].add(chunk, codes=one.codes[part].astype(np.int64))
    return {
        name: tuple(
            sums[name].statistics(code, group=label) for code, label in enumerate(one.labels)
        )
        for name, one in sets.items()
    }


def totals_of(blocks: Iterable[tuple[CustomerValues, Codes]], *, count: int) -> GroupSums:
    """Return the sums of one way to group customers.

    Parameters
    ----------
    blocks
        Some customers after the others, each with a group, from 0 to ``count - 1``.
    """
    sums = GroupSums(count)
    for values, codes in blocks:
        sums.add(_chunk(values, averaged={}), codes=codes.astype(np.int64))
    return sums


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Chunk:
    """Some customers in whole numbers.

    Parameters
    ----------
    bought, orders, money, days
        1 for a buyer, orders, minor units, and days since the last purchase, 0 without one.
    averaged
        By column: 1 where it has a value, and the value in its unit.
    """

    bought: Ints
    orders: Ints
    money: Ints
    days: Ints
    averaged: Mapping[str, tuple[Ints, Ints]]


def _chunk(values: CustomerValues, *, averaged: Mapping[str, npt.NDArray[Any]]) -> _Chunk:
    bought = (values.orders > 0).astype(np.int64)
    return _Chunk(
        bought=bought,
        orders=values.orders,
        money=values.monetary,
        days=values.recency_days * bought,
        averaged={
            name: _whole(column.astype(np.float64), unit=_UNITS[name])
            for name, column in averaged.items()
        },
    )


def _whole(column: Floats, *, unit: int) -> tuple[Ints, Ints]:
    """Return where a column has values, and these as whole numbers, rounded as profiles are."""
    known = ~np.isnan(column)
    return known.astype(np.int64), np.rint(np.where(known, column, 0.0) * unit).astype(np.int64)


def _percentage(share: float) -> float:
    return round(100 * share, 4)
