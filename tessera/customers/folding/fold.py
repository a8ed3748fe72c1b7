"""Events folded by customer: CUSTOMERS, CUSTOMER_DAYS and LOOK_DAYS in one pass.

Engines say in SQL what an event is and on which local day it happened, and put each customer's
events together. All else is whole numbers, so a fold is exact and the same in any engine.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from tessera.customers.folding.grouped import WORD, Groups, SortedEvents, changes
from tessera.customers.folding.rows import NO_ORDER_ID, EventRows
from tessera.customers.money import Ints

Columns = Mapping[str, Ints]  # masked where there is no value

SESSION_MINUTES = 30  # without a look, after which the next one begins a session
_SESSION_US = SESSION_MINUTES * 60_000_000
_MOST_MINOR = 10**18  # that a decimal(18,4) holds


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
    events = SortedEvents.of(rows)
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


def _totals(events: SortedEvents) -> dict[str, Ints]:
    return {
        "last_event_at": events.rows.occurred_us[events.each.lasts],
        "monetary": _money(events.rows.minor, events.each),
        "events": events.each.counts,
    }


def _money(minor: Ints, groups: Groups) -> Ints:
    """Return exact sums: one that is too large for a column could come out as another number."""
    sums = groups.sums(minor)
    if np.abs(minor).sum(dtype=np.float64) >= _MOST_MINOR:
        sizes = np.add.reduceat(np.abs(minor), groups.starts, dtype=np.float64)
        if sizes.max() >= 2 * _MOST_MINOR or np.abs(sums).max() >= _MOST_MINOR:
            raise AssertionError("a customer's money is more than a decimal(18,4) holds")
    return sums


def _orders(events: SortedEvents) -> dict[str, Ints]:
    rows, order = events.rows, events.are("order")
    named = rows.orders[order] != NO_ORDER_ID
    by_id, by_instant = order[named], order[~named]
    ids = np.unique((events.whose[by_id] << WORD) | rows.orders[by_id])
    begins = changes(events.whose[by_instant]) | changes(rows.occurred_us[by_instant])
    buyers = Groups.of(events.whose[order])
    whose = events.whose[order[buyers.starts]]
    instants = rows.occurred_us[order]
    return {
        "first_purchase_at": events.of_some(whose, instants[buyers.starts]),
        "last_purchase_at": events.of_some(whose, instants[buyers.lasts]),
        "frequency": events.count(by_instant[begins])
        + np.bincount(ids >> WORD, minlength=len(events.each.starts)),
        "lines": events.count(order),
    }


def _money_days(events: SortedEvents) -> dict[str, Ints]:
    rows, groups = events.by_day(events.are("money"))
    lines = groups.sums(events.ones("order")[rows])
    return {
        **events.of_day(rows, groups),
        "bought": (lines > 0).astype(np.int64),
        "net": _money(events.rows.minor[rows], groups),
        "lines": lines,
    }


def _purchase_days(events: SortedEvents, days: Columns) -> dict[str, Ints]:
    bought = days["bought"] == 1
    customer, ago, net = (days[name][bought] for name in ("customer", "days_ago", "net"))
    buyers = Groups.of(customer)
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


def _session_starts(events: SortedEvents, looks: Ints) -> Ints:
    """Return which looks begin a session."""
    paused = np.diff(events.rows.occurred_us[looks], prepend=0) >= _SESSION_US
    return looks[paused | changes(events.whose[looks])]


def _look_days(events: SortedEvents, looks: Ints, begun: Ints) -> dict[str, Ints]:
    rows, groups = events.by_day(looks)
    begins = np.zeros(events.each.rows, np.int64)
    begins[begun] = 1
    return {
        **events.of_day(rows, groups),
        "views": groups.sums(events.ones("view")[rows]),
        "visits": groups.counts,
        "sessions": groups.sums(begins[rows]),
    }


def _looks(events: SortedEvents, days: Columns, **kinds: Ints) -> dict[str, Ints]:
    lookers = Groups.of(days["customer"])
    latest = events.of_some(days["customer"][lookers.starts], days["days_ago"][lookers.lasts])
    return {
        **{name: events.count(rows) for name, rows in kinds.items()},
        **{f"{name}_30d": events.count(events.lately(rows)) for name, rows in kinds.items()},
        "last_view_days": latest,
    }


def _reads(events: SortedEvents) -> dict[str, Ints]:
    read = events.are("read")
    readers = Groups.of(events.whose[read])
    last = read[readers.lasts]
    return {
        "emails_read": events.count(read),
        "emails_30d": events.count(events.are("read_lately")),
        "last_email_days": events.of_some(events.whose[last], events.rows.days_ago[last]),
    }
