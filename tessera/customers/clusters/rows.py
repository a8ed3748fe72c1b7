"""Buyers as K-Means takes them: filled block after block, so that nothing is held twice."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from tessera.customers.clusters.model import Floats, log_features
from tessera.customers.money import Ints
from tessera.errors import InvalidInput

Flags = npt.NDArray[np.bool_]


@dataclasses.dataclass(frozen=True)
class BuyerRows:
    """Features of buyers: 40 bytes a row.

    Parameters
    ----------
    features
        Shape (n, 3), see ``log_features``, column by column.
    weights, money
        Shape (n,), how many buyers have these features, and the net money of all of them.
    """

    features: Floats
    weights: Floats
    money: Floats

    @classmethod
    def empty(cls, rows: int) -> BuyerRows:
        """Return so many rows to be filled."""
        return cls(np.empty((3, rows)).T, np.empty(rows), np.empty(rows))

    def fill(
        self, start: int, *, recency_days: Ints, frequency: Ints, monetary: Ints, customers: Ints
    ) -> int:
        """Fill the rows from one on, and return where the next ones begin.

        Parameters
        ----------
        recency_days, frequency, monetary, customers
            See ``fit_clusters``.

        Raises
        ------
        InvalidInput
            A row stands for no customer.
        """
        if len(customers) and int(customers.min()) < 1:
            raise InvalidInput("clusters: every row must stand for a customer")
        rows = slice(start, start + len(customers))
        self.features[rows] = log_features(
            recency_days=recency_days, frequency=frequency, monetary=monetary
        )
        self.weights[rows] = customers
        self.money[rows] = monetary.astype(np.float64) * customers
        return rows.stop

    def distinct(self) -> BuyerRows:
        """Return sorted distinct rows, in place of these: the order of rows is forgotten."""
        features, weights, money = self.features, self.weights, self.money
        if not _ascending(features):
            order = np.lexsort(features.T[::-1])
            features = np.asfortranarray(features[order])
            weights, money = weights[order], money[order]
        fresh = np.ones(len(features), np.bool_)
        if len(features):
            fresh[1:] = _differs(features)
        if fresh.all():
            return BuyerRows(features, weights, money)
        first = np.flatnonzero(fresh)
        for axis in features.T:
            axis[: len(first)] = axis[first]
        return BuyerRows(
            features[: len(first)],
            np.add.reduceat(weights, first),
            np.add.reduceat(money, first),
        )


def _differs(features: Floats) -> Flags:
    """Return where a row differs from the row before, shape (n - 1,)."""
    differs = np.zeros(len(features) - 1, np.bool_)
    for axis in features.T:
        differs |= axis[1:] != axis[:-1]
    return differs


def _ascending(features: Floats) -> bool:
    """Return whether rows are sorted by their columns in order, as Prepare writes them."""
    tied = np.ones(max(len(features) - 1, 0), np.bool_)
    for axis in features.T:
        if (tied & (axis[1:] < axis[:-1])).any():
            return False
        tied &= axis[1:] == axis[:-1]
    return True
