"""Events folded by customer: CUSTOMERS, CUSTOMER_DAYS and LOOK_DAYS in one pass.

Engines say in SQL what an event is and on which local day it happened, and put each customer's
events together. All else is whole numbers, so a fold is exact and the same in any engine.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from tessera.customers.summary import IS_ORDER, Period
from tessera.events.names import EMAIL_READS, LOOKS, VIEWED, WITHOUT_MONEY

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.int8]
Columns = Mapping[str, Ints]  # masked where there is no value
_Some = np.ma.MaskedArray[Any, np.dtype[np.int64]]

SESSION_MINUTES = 30  # without a look, after which the next one begins a session
NO_ORDER_ID = -1
_LATELY_DAYS = 30  # of views and e-mails
_SESSION_US = SESSION_MINUTES * 60_000_000
_WORD = 32  # bits of a customer's place among those that are folded at once
_MOST_MINOR = 10**18  # that a decimal(18,4) holds

# A subscription's payment is an order. Refunds and returns move money and are none.
_MARKS = {
    "order": IS_ORDER,
    "money": f"event NOT IN {WITHOUT_MONEY}",
    "look": f"event IN {LOOKS}",
    "view": f"event = '{VIEWED}'",
    "read": f"event IN {EMAIL_READS}",
    "read_lately": f"event IN {EMAIL_READS} AND occurred_at >= {{lately}}",
}


def event_rows(events: str, *, period: Period, days_until_as_of: Callable[[str], str]) -> str:
    """Return the query for the rows that are folded, in the order of ``events``.

    Parameters
    ----------
    events
        A relation with EVENTS' columns.
    period
        Events outside it don't count.
    days_until_as_of
        SQL for the calendar days from the local day of an instant (a SQL name) to as_of.
    """
    lately = period.since(_LATELY_DAYS)
    marks = " + ".join(
        f"CASE WHEN {condition.format(lately=lately)} THEN {1 << bit} ELSE 0 END"
        for bit, condition in enumerate(_MARKS.values())
    )
    return f"""SELECT customer_key, occurred_at, amount, order_id,
        CAST({days_until_as_of("occurred_at")} AS INT) AS days_ago,
        CAST({marks} AS TINYINT) AS marks
        FROM {events} WHERE {period.contains}"""  # noqa: S608 (our own names)


@dataclasses.dataclass(frozen=True, kw_only=True)
class EventRows:
    """Rows of ``event_rows``: all of some customers, one customer after the other.

    Parameters
    ----------
    starts
        Where each customer's rows begin. They are in any order.
    occurred_us
        Microseconds since 1970, in UTC.
    minor
        Amounts in ten-thousandths.
    orders
        Equal numbers for equal order_ids, ``NO_ORDER_ID`` without one.
    days_ago, marks
        As in the query.
    """

    starts: Ints
    occurred_us: Ints
    minor: Ints
    orders: Ints
    days_ago: Ints
    marks: Bits


@dataclasses.dataclass(frozen=True, kw_only=True)
class Folded:
    """The columns of three tables. Of ``days`` and ``looks``, a customer is its place among all."""

    customers: Columns
    days: Columns
    looks: Columns


def fold(rows: EventRows) -> Folded:
    """Fold events.

    Notes
    -----
    An order is one order_id, or without it one instant of a customer, of a purchase or of a
    subscription's payment. Refunds, cancellations and returns move money and never count.

    A look is a VIEWED or a SESSION event. The first look begins a session, and so does each that
    comes 30 minutes or more after the one before it. A session counts on the local day on which
    it began, so later looks never change the sessions of earlier days.

    Raises
    ------
    AssertionError
        A customer's money is more than CUSTOMERS can have.
    """
    events = _Events.of(rows)
    looks = events.are("look")
    begun = _session_starts(events, looks)
    days, look_days = _money_days(events), _look_days(events, looks, begun)
    return Folded(
        customers={
            **_totals(events),
            **_orders(events),
            **_purchase_days(events, days),
            **_looks(events, look_days, views=events.are("view"), visits=looks, sessions=begun),
            **_reads(events),
        },
        days=days,
        looks=look_days,
    )


@dataclasses.dataclass(frozen=True)
class _Groups:
    """Neighbouring rows that belong together, by where they begin. None is empty."""

    starts: Ints
    rows: int

    @classmethod
    def of(cls, keys: Ints) -> _Groups:
        """Return the groups of equal neighbours."""
        return cls(np.flatnonzero(_changes(keys)), len(keys))

    @property
    def counts(self) -> Ints:
        """How many rows each has."""
        return np.diff(self.starts, append=self.rows)

    @property
    def lasts(self) -> Ints:
        """Where the last row of each is."""
        return self.starts + self.counts - 1

    def sums(self, values: Ints | Bits | Bools) -> Ints:
        """Return the sum of each."""
        return np.add.reduceat(values, self.starts, dtype=np.int64)


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Events:
    """Rows by customer and instant, with the place of each row's customer."""

    each: _Groups
    whose: Ints
    rows: EventRows

    @classmethod
    def of(cls, rows: EventRows) -> _Events:
        count = len(rows.occurred_us)
        each = _Groups(rows.starts, count)
        whose = np.repeat(np.arange(len(rows.starts)), each.counts)
        # The second sort is of so few different numbers that it takes a moment.
        in_time = np.argsort(rows.occurred_us)
        few = whose[in_time].astype(np.min_scalar_type(len(rows.starts)))
        order = in_time[np.argsort(few, kind="stable")]
        columns = ("occurred_us", "minor", "orders", "days_ago", "marks")
        ordered = {name: getattr(rows, name)[order] for name in columns}
        return cls(each=each, whose=whose, rows=dataclasses.replace(rows, **ordered))

    def are(self, mark: str) -> Ints:
        """Return which are what a mark says."""
        return np.flatnonzero(self.ones(mark))

    def ones(self, mark: str) -> Bits:
        """Return 1 for what a mark says, and 0 for the rest."""
        return self.rows.marks >> list(_MARKS).index(mark) & 1

    def count(self, chosen: Ints) -> Ints:
        """Return how many of some rows, or of their groups, each customer has."""
        return np.bincount(self.whose[chosen], minlength=len(self.each.starts))

    def lately(self, chosen: Ints) -> Ints:
        """Return the rows of the last days among some."""
        return chosen[self.rows.days_ago[chosen] <= _LATELY_DAYS]

    def by_day(self, chosen: Ints) -> tuple[Ints, _Groups]:
        """Return some rows by customer and day, the first day first, and the groups of a day."""
        keys = (self.whose[chosen] << _WORD) - self.rows.days_ago[chosen]
        order = np.argsort(keys, kind="stable")  # a clock that goes back can bring back a day
        return chosen[order], _Groups.of(keys[order])

    def of_day(self, rows: Ints, groups: _Groups) -> dict[str, Ints]:
        """Return the customer and the day of each group."""
        first = rows[groups.starts]
        return {"customer": self.whose[first], "days_ago": self.rows.days_ago[first]}

    def of_some(self, customers: Ints, values: Ints) -> _Some:
        """Return the values of some customers among those of all, masked for the others."""
        count = len(self.each.starts)
        everyone, absent = np.zeros(count, np.int64), np.ones(count, np.bool_)
        everyone[customers], absent[customers] = values, False
        return np.ma.MaskedArray(everyone, mask=absent)


def _totals(events: _Events) -> dict[str, Ints]:
    return {
        "last_event_at": events.rows.occurred_us[events.each.lasts],
        "monetary": _money(events.rows.minor, events.each),
        "events": events.each.counts,
    }


def _money(minor: Ints, groups: _Groups) -> Ints:
    """Return exact sums: one that is too large for a column could come out as another number."""
    sums = groups.sums(minor)
    if np.abs(minor).sum(dtype=np.float64) >= _MOST_MINOR:
        sizes = np.add.reduceat(np.abs(minor), groups.starts, dtype=np.float64)
        if sizes.max() >= 2 * _MOST_MINOR or np.abs(sums).max() >= _MOST_MINOR:
            raise AssertionError("a customer's money is more than a decimal(18,4) holds")
    return sums


def _orders(events: _Events) -> dict[str, Ints]:
    rows, order = events.rows, events.are("order")
    named = rows.orders[order] != NO_ORDER_ID
    by_id, by_instant = order[named], order[~named]
    ids = np.unique((events.whose[by_id] << _WORD) | rows.orders[by_id])
    begins = _changes(events.whose[by_instant]) | _changes(rows.occurred_us[by_instant])
    buyers = _Groups.of(events.whose[order])
    whose = events.whose[order[buyers.starts]]
    instants = rows.occurred_us[order]
    return {
        "first_purchase_at": events.of_some(whose, instants[buyers.starts]),
        "last_purchase_at": events.of_some(whose, instants[buyers.lasts]),
        "frequency": events.count(by_instant[begins])
        + np.bincount(ids >> _WORD, minlength=len(events.each.starts)),
        "lines": events.count(order),
    }


def _money_days(events: _Events) -> dict[str, Ints]:
    rows, groups = events.by_day(events.are("money"))
    lines = groups.sums(events.ones("order")[rows])
    return {
        **events.of_day(rows, groups),
        "bought": (lines > 0).astype(np.int64),
        "net": _money(events.rows.minor[rows], groups),
        "lines": lines,
    }


def _purchase_days(events: _Events, days: Columns) -> dict[str, Ints]:
    bought = days["bought"] == 1
    customer, ago, net = (days[name][bought] for name in ("customer", "days_ago", "net"))
    buyers = _Groups.of(customer)
    gaps = -np.diff(ago, prepend=0)
    gaps[buyers.starts] = 0
    whose = customer[buyers.starts]
    counts = {
        "purchase_days": buyers.counts,
        "first_day_monetary": net[buyers.starts],
        "last_day_monetary": net[buyers.lasts],
        "gap_squares": buyers.sums(gaps * gaps),
        **{f"purchase_days_{most}d": buyers.sums(ago <= most) for most in (30, 90, 180)},
    }
    return {
        "recency_days": events.of_some(whose, ago[buyers.lasts]),
        "tenure_days": events.of_some(whose, ago[buyers.starts]),
        **{name: events.of_some(whose, values).filled(0) for name, values in counts.items()},
    }


def _session_starts(events: _Events, looks: Ints) -> Ints:
    """Return which looks begin a session."""
    paused = np.diff(events.rows.occurred_us[looks], prepend=0) >= _SESSION_US
    return looks[paused | _changes(events.whose[looks])]


def _look_days(events: _Events, looks: Ints, begun: Ints) -> dict[str, Ints]:
    rows, groups = events.by_day(looks)
    begins = np.zeros(events.each.rows, np.int64)
    begins[begun] = 1
    return {
        **events.of_day(rows, groups),
        "views": groups.sums(events.ones("view")[rows]),
        "visits": groups.counts,
        "sessions": groups.sums(begins[rows]),
    }


def _looks(events: _Events, days: Columns, **kinds: Ints) -> dict[str, Ints]:
    lookers = _Groups.of(days["customer"])
    latest = events.of_some(days["customer"][lookers.starts], days["days_ago"][lookers.lasts])
    return {
        **{name: events.count(rows) for name, rows in kinds.items()},
        **{f"{name}_30d": events.count(events.lately(rows)) for name, rows in kinds.items()},
        "last_view_days": latest,
    }


def _reads(events: _Events) -> dict[str, Ints]:
    read = events.are("read")
    readers = _Groups.of(events.whose[read])
    last = read[readers.lasts]
    return {
        "emails_read": events.count(read),
        "emails_30d": events.count(events.are("read_lately")),
        "last_email_days": events.of_some(events.whose[last], events.rows.days_ago[last]),
    }


def _changes(values: Ints) -> Bools:
    """Return whether each value differs from the one before it. The first does."""
    changes = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=changes[1:])
    return changes
