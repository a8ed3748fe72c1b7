"""People as first assigned, and what they bought since: the columns that results are made from."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from tessera.campaigns.planning.assigned import Assigned, DayNumbers, joined
from tessera.campaigns.planning.candidates import Floats, Keys, Mask

_SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")


def first_assignments(
    runs: Sequence[Assigned], *, by: Literal["recipient", "customer_key"] = "recipient"
) -> Assigned:
    """Return each person once, as first assigned by any run of a campaign.

    Somebody that a later run took again keeps day, band and variant of the first time. Otherwise a
    campaign's own effect would decide about the comparison.

    Parameters
    ----------
    runs
        At least one, in any order.
    by
        What makes two rows the same person. The people are returned in its order.
    """
    everybody = joined(runs)
    return everybody.where(first_rows(everybody, by=by))


def first_rows(
    everybody: Assigned, *, by: Literal["recipient", "customer_key"] = "recipient"
) -> DayNumbers:
    """Return the row of each person's first day, in the order of what makes them the same."""
    keys: Keys = getattr(everybody, by)
    order = np.lexsort((everybody.day, keys))
    keys = keys[order]
    is_first = np.ones(len(order), np.bool_)
    is_first[1:] = keys[1:] != keys[:-1]
    return order[is_first].astype(np.int64)


def is_seen(people: Assigned) -> Mask:
    """Return whose purchases can be seen. Receivers of a list may be no customers, so far.

    They would count as people who certainly did not buy.

    Returns
    -------
    shape (n,)
    """
    seen: Mask = people.customer_key != b""
    return seen


def is_closed(assigned: Assigned, *, today: int, result_days: int) -> Mask:
    """Return whose days of result are over. Nobody else counts.

    Parameters
    ----------
    assigned
        People.
    today
        Days since 1970. Purchases are known until the day before.
    result_days
        The definition's.

    Returns
    -------
    shape (n,)
    """
    return assigned.day + result_days <= today


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class PurchaseRows:
    """Purchases in any order. Every column has shape (m,).

    Parameters
    ----------
    customer_key
        Who.
    day
        Days since 1970, in the shop's time zone.
    amount
        Net money, refunds negative.
    is_order
        Whether the row is a purchase, rather than a refund.
    """

    customer_key: Keys
    day: DayNumbers
    amount: Floats
    is_order: Mask


class Bought(NamedTuple):
    """What each person bought in some days. Each column has shape (n,).

    Parameters
    ----------
    orders
        Days with an order: several of one day count once.
    revenue
        Net money, refunds included.
    """

    orders: DayNumbers
    revenue: Floats


def bought_within(
    assigned: Assigned, purchases: PurchaseRows, *, first_day: int, days: int
) -> Bought:
    """Return what each person bought within some days.

    Parameters
    ----------
    assigned
        People, each once.
    purchases
        Of any customers and days.
    first_day
        Counted from the day of each person's assignment. Negative for days before.
    days
        How many.
    """
    order = np.argsort(assigned.customer_key, kind="stable")
    keys = assigned.customer_key[order]
    first, last = (np.searchsorted(keys, purchases.customer_key, side) for side in _SIDES)
    orders = np.zeros(len(assigned), np.int64)
    revenue = np.zeros(len(assigned), np.float64)
    # A customer who changed address is there once for each: rarely more than one row.
    for step in range(int((last - first).max(initial=0))):
        rows = np.flatnonzero((first + step < last) & (purchases.customer_key != b""))
        person = order[first[rows] + step]
        since = purchases.day[rows] - assigned.day[person] - first_day
        counts = (since >= 0) & (since < days)
        np.add.at(revenue, person[counts], purchases.amount[rows[counts]])
        np.add.at(orders, person[counts & purchases.is_order[rows]], 1)
    return Bought(orders, revenue)
