"""Rows by customer, day or session: where each group begins, and what it adds up to."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import numpy.typing as npt

from tessera.customers.folding.rows import LATELY_DAYS, MARKS, Bits, EventRows
from tessera.customers.money import Ints

Bools = npt.NDArray[np.bool_]
OfSome = np.ma.MaskedArray[Any, np.dtype[np.int64]]

WORD = 32  # bits of a customer's place among those that are folded at once


@dataclasses.dataclass(frozen=True)
class Groups:
    """Neighbouring rows that belong together, by where they begin. None is empty."""

    starts: Ints
    rows: int

    @classmethod
    def of(cls, keys: Ints) -> Groups:
        """Return the groups of equal neighbours."""
        return cls(np.flatnonzero(changes(keys)), len(keys))

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
class SortedEvents:
    """Rows by customer and instant, with the place of each row's customer."""

    each: Groups
    whose: Ints
    rows: EventRows

    @classmethod
    def of(cls, rows: EventRows) -> SortedEvents:
        """Sort each customer's rows by their instants."""
        count = len(rows.occurred_us)
        each = Groups(rows.starts, count)
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
        return self.rows.marks >> list(MARKS).index(mark) & 1

    def count(self, chosen: Ints) -> Ints:
        """Return how many of some rows, or of their groups, each customer has."""
        return np.bincount(self.whose[chosen], minlength=len(self.each.starts))

    def lately(self, chosen: Ints) -> Ints:
        """Return the rows of the last days among some."""
        return chosen[self.rows.days_ago[chosen] <= LATELY_DAYS]

    def by_day(self, chosen: Ints) -> tuple[Ints, Groups]:
        """Return some rows by customer and day, the first day first, and the groups of a day."""
        keys = (self.whose[chosen] << WORD) - self.rows.days_ago[chosen]
        order = np.argsort(keys, kind="stable")  # a clock that goes back can bring back a day
        return chosen[order], Groups.of(keys[order])

    def of_day(self, rows: Ints, groups: Groups) -> dict[str, Ints]:
        """Return the customer and the day of each group."""
        first = rows[groups.starts]
        return {"customer": self.whose[first], "days_ago": self.rows.days_ago[first]}

    def of_some(self, customers: Ints, values: Ints) -> OfSome:
        """Return the values of some customers among those of all, masked for the others."""
        count = len(self.each.starts)
        everyone, absent = np.zeros(count, np.int64), np.ones(count, np.bool_)
        everyone[customers], absent[customers] = values, False
        return np.ma.MaskedArray(everyone, mask=absent)


def changes(values: Ints) -> Bools:
    """Return whether each value differs from the one before it. The first does."""
    differs = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=differs[1:])
    return differs
