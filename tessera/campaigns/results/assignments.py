"""Who was assigned to what, and what they bought since: the columns that results are made from."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from tessera.campaigns.planning.candidates import Floats, Keys, Mask, Texts

DayNumbers = npt.NDArray[np.int64]
_SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Assigned:
    """People as runs of a campaign assigned them. Every column has shape (n,).

    Parameters
    ----------
    recipient
        Keyed hashes of addresses.
    customer_key
        Their purchases count. Empty for receivers who are no customers.
    day
        Days since 1970 of the plan, in the shop's time zone.
    is_held_out
        Whether nothing was sent.
    variant
        What was sent, or would have been.
    churn_band
        On that day, an empty text where unknown.
    """

    recipient: Keys
    customer_key: Keys
    day: DayNumbers
    is_held_out: Mask
    variant: Texts
    churn_band: Texts

    def __len__(self) -> int:
        """Return how many people there are."""
        return len(self.recipient)

    def where(self, mask: Mask | DayNumbers) -> Assigned:
        """Return some of the people."""
        return Assigned(**{name: column[mask] for name, column in vars(self).items()})


def first_assignments(runs: Sequence[Assigned]) -> Assigned:
    """Return each person once, as first assigned by any run of a campaign.

    Somebody that a later run took again keeps day, band and variant of the first time. Otherwise a
    campaign's own effect would decide about the comparison.

    Parameters
    ----------
    runs
        At least one, in any order.
    """
    names = [field.name for field in dataclasses.fields(Assigned)]
    joined = Assigned(**{n: np.concatenate([getattr(run, n) for run in runs]) for n in names})
    order = np.lexsort((joined.day, joined.recipient))
    recipients = joined.recipient[order]
    is_first = np.ones(len(order), np.bool_)
    is_first[1:] = recipients[1:] != recipients[:-1]
    return joined.where(order[is_first])


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


def bought_since(
    assigned: Assigned, purchases: PurchaseRows, *, result_days: int
) -> tuple[Mask, Floats]:
    """Return whether each person bought within the days of result, and for how much.

    Parameters
    ----------
    assigned
        People, each once.
    purchases
        Of any customers and days.
    result_days
        The day of the assignment is the first of them.

    Returns
    -------
    has_bought, revenue : shape (n,) each
    """
    order = np.argsort(assigned.customer_key, kind="stable")
    keys = assigned.customer_key[order]
    first, last = (np.searchsorted(keys, purchases.customer_key, side) for side in _SIDES)
    has_bought = np.zeros(len(assigned), np.bool_)
    revenue = np.zeros(len(assigned), np.float64)
    # A customer who changed address is there once for each: rarely more than one row.
    for step in range(int((last - first).max(initial=0))):
        rows = np.flatnonzero((first + step < last) & (purchases.customer_key != b""))
        person = order[first[rows] + step]
        since = purchases.day[rows] - assigned.day[person]
        counts = (since >= 0) & (since < result_days)
        np.add.at(revenue, person[counts], purchases.amount[rows[counts]])
        has_bought[person[counts & purchases.is_order[rows]]] = True
    return has_bought, revenue
