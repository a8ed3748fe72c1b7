"""Who bought which product, and since when: what recommendations are learnt from."""

from __future__ import annotations

import dataclasses
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, kw_only=True)
class BoughtProducts:
    """Pairs of a customer and a product that the customer bought, sorted by customer.

    Parameters
    ----------
    starts : shape (customers + 1,)
        Where the pairs of each customer begin, and the number of all pairs.
    product : shape (pairs,)
        The product's number. No customer has one twice.
    first_days_ago : shape (pairs,)
        Days from the first such purchase to the present day.
    products
        How many products there are.
    """

    starts: Ints
    product: Small
    first_days_ago: Small
    products: int

    def __len__(self) -> int:
        """Return how many customers there are."""
        return len(self.starts) - 1

    @property
    def counts(self) -> Ints:
        """Return how many products each customer bought, shape (customers,)."""
        return np.diff(self.starts)

    @property
    def customer(self) -> Small:
        """Return each pair's customer, shape (pairs,)."""
        return np.repeat(np.arange(len(self), dtype=np.int32), self.counts)

    def only(self, pairs: Flags) -> Self:
        """Return some of the pairs, shape (pairs,). Customers without any stay."""
        kept = np.concatenate(([0], np.cumsum(pairs, dtype=np.int64)))
        return dataclasses.replace(
            self,
            starts=kept[self.starts],
            product=self.product[pairs],
            first_days_ago=self.first_days_ago[pairs],
        )

    def take(self, customers: slice) -> Self:
        """Return some customers who follow each other, with all their pairs."""
        start, stop, _ = customers.indices(len(self))
        pairs = slice(int(self.starts[start]), int(self.starts[stop]))
        return dataclasses.replace(
            self,
            starts=self.starts[start : stop + 1] - self.starts[start],
            product=self.product[pairs],
            first_days_ago=self.first_days_ago[pairs],
        )

    def choose(self, customers: Ints) -> Self:
        """Return some customers by number, in ascending order, with all their pairs."""
        chosen = np.zeros(len(self), bool)
        chosen[customers] = True
        some = self.only(np.repeat(chosen, self.counts))
        ends = np.append(some.starts[:-1][chosen], some.starts[-1])
        return dataclasses.replace(some, starts=ends)

    def before(self, days_ago: int) -> Self:
        """Return what was known so many days ago, with days counted from then."""
        some = self.only(self.first_days_ago > days_ago)
        return dataclasses.replace(some, first_days_ago=some.first_days_ago - np.int32(days_ago))

    def within(self, days: int) -> Self:
        """Return what customers bought for the first time in the last days."""
        return self.only(self.first_days_ago <= days)

    def newest(self, most: int) -> Self:
        """Return at most so many products of each customer: those first bought last.

        Of products first bought on the same day, those with the lower numbers stay.
        """
        if not len(self.product) or int(self.counts.max()) <= most:
            return self
        order = np.lexsort((self.product, self.first_days_ago, self.customer))
        place = np.arange(len(order)) - np.repeat(self.starts[:-1], self.counts)
        kept = np.zeros(len(order), bool)
        kept[order[place < most]] = True
        return self.only(kept)

    def buyers(self) -> Ints:
        """Return how many customers bought each product, shape (products,)."""
        return np.bincount(self.product, minlength=self.products).astype(np.int64)

    def matrix(self, values: npt.NDArray[np.generic]) -> csr_array:
        """Return customers by products with a value for each pair, shape (pairs,)."""
        shape = (len(self), self.products)
        return csr_array((values, self.product, self.starts), shape=shape)
