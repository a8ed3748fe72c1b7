"""Customers in the order of a score, equal ones together: the order of rows is irrelevant."""

from __future__ import annotations

import dataclasses
from typing import Self

import numpy as np

from tessera.customers.money import Ints
from tessera.customers.purchase.pairs import Floats

TENTHS = 10


@dataclasses.dataclass(frozen=True)
class Ranks:
    """The distinct scores, ascending.

    Parameters
    ----------
    place
        Shape (n,): which of them each customer has.
    customers
        Shape (n,): how many customers each row stands for.
    weights, below
        Of each distinct score: the customers who have it, and those with a lower one.
    """

    place: Ints
    customers: Floats
    weights: Floats
    below: Floats

    @classmethod
    def of(cls, score: Floats, *, weights: Floats) -> Self:
        """Rank customers by a score, shape (n,) each."""
        _, place = np.unique(score, return_inverse=True)
        each = np.bincount(place, weights=weights).astype(np.float64)
        return cls(place, weights, each, np.cumsum(each) - each)

    @property
    def tenths(self) -> Ints:
        """The tenth of each distinct score, 0 the lowest to 9: that of its customers' middle."""
        middle = (self.below + self.weights / 2) / self.weights.sum()
        tenths: Ints = np.minimum((middle * TENTHS).astype(np.int64), TENTHS - 1)
        return tenths

    def sums(self, column: Floats) -> Floats:
        """Return a column's weighted sum for each distinct score."""
        return np.bincount(self.place, weights=self.customers * column).astype(np.float64)
