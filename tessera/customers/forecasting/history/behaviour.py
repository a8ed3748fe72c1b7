"""What customers did day by day: all that the forecasts learn from."""

from __future__ import annotations

import dataclasses
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tessera.customers.money import Ints
from tessera.customers.purchase.pairs import Floats
from tessera.errors import InvalidInput

Bools = npt.NDArray[np.bool_]
COLUMNS = ("customer", "days_ago", "bought", "net", "lines", "views", "sessions", "emails")


@dataclasses.dataclass(frozen=True, kw_only=True)
class BehaviourDays:
    """One row for each customer and day on which something happened, shape (m,).

    Rows are sorted by customer, then from the oldest day to the latest. Money is in major units.

    Parameters
    ----------
    customer
        Whole numbers from 0, one for each customer, in ascending order.
    days_ago
        Calendar days from that day to the end of the observation, 1 or more.
    bought
        Whether there was a purchase.
    net
        Purchases less refunds.
    lines
        Order lines bought.
    views, sessions, emails
        Pages and events of sessions, sessions that began, and e-mails opened or clicked.
    rank
        Shape (customers,): a number in [0, 1) from a hash of each customer's key. Samples take
        the lowest, so that a sample depends on no order of rows and on no generator.

    Raises
    ------
    InvalidInput
        Columns differ in length, or rows are not in order.
    """

    customer: Ints
    days_ago: Ints
    bought: Bools
    net: Floats
    lines: Floats
    views: Floats
    sessions: Floats
    emails: Floats
    rank: Floats

    def __post_init__(self) -> None:
        for name in COLUMNS:
            if getattr(self, name).shape != self.customer.shape:
                raise InvalidInput(f"behaviour days: {name} has not one value for each row")
        if not len(self.customer):
            return
        step = np.diff(self.customer)
        if (step < 0).any() or ((step == 0) & (np.diff(self.days_ago) >= 0)).any():
            raise InvalidInput("behaviour days: rows must ascend by customer and day, one a day")
        if self.customer[0] < 0 or self.customer[-1] >= len(self.rank):
            raise InvalidInput("behaviour days: a customer has no rank")
        if self.days_ago.min() < 1:
            raise InvalidInput("behaviour days: a day is not past")

    @property
    def customers(self) -> int:
        """How many customers there are."""
        return len(self.rank)

    @cached_property
    def span_days(self) -> int:
        """Days from the first purchase of all customers to the end of the observation."""
        return int(self.days_ago[self.bought].max(initial=0))

    def until(self, cut_days_ago: int) -> BehaviourDays:
        """Return what was known so many days ago, days counted from then. Customers all stay."""
        rows = self._rows(self.days_ago > cut_days_ago)
        return dataclasses.replace(rows, days_ago=rows.days_ago - cut_days_ago)

    def sample(self, most: int) -> BehaviourDays:
        """Return at most so many customers with a purchase: those with the lowest ranks.

        Customers who first buy after the last row do not count: they may not decide who is drawn.
        """
        buyers = np.unique(self.customer[self.bought])
        if len(buyers) <= most:
            return self
        chosen = np.zeros(self.customers, np.bool_)
        chosen[buyers[np.argsort(self.rank[buyers], kind="stable")[:most]]] = True
        number = np.cumsum(chosen) - 1
        rows = self._rows(chosen[self.customer])
        return dataclasses.replace(rows, customer=number[rows.customer], rank=self.rank[chosen])

    def _rows(self, chosen: Bools) -> BehaviourDays:
        columns = {name: getattr(self, name)[chosen] for name in COLUMNS}
        return BehaviourDays(**columns, rank=self.rank)


@dataclasses.dataclass(frozen=True, kw_only=True)
class WindowOutcome:
    """What customers did in a window, shape (n,) each.

    Parameters
    ----------
    orders
        Purchase days.
    net
        Net money in major units.
    """

    orders: Floats
    net: Floats


def outcome(
    days: BehaviourDays, customers: Ints, *, cut_days_ago: int, window_days: int
) -> WindowOutcome:
    """Return what each of the given customers did in the days after a cut."""
    inside = (days.days_ago <= cut_days_ago) & (days.days_ago > cut_days_ago - window_days)
    who = days.customer[inside]

    def total(values: Floats) -> Floats:
        sums = np.bincount(who, weights=values, minlength=days.customers)
        return sums.astype(np.float64)[customers]

    return WindowOutcome(
        orders=total(days.bought[inside].astype(np.float64)), net=total(days.net[inside])
    )
