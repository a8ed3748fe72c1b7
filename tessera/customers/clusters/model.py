"""K-Means clusters of buyers: the model, its JSON, and which cluster a customer is in.

Features are log1p of recency in days, orders, and net money (below zero counts as zero), each
standardised over all buyers. Fitting is in ``clusters.fitting``.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from tessera.customers.money import Ints
from tessera.customers.units import MINOR
from tessera.records.scoring.cluster_model import FittedClusters

Floats = npt.NDArray[np.float64]

_BLOCK = 1 << 14  # points, so that a block stays in the processor's cache


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClusterModel(FittedClusters):
    """A fitted K-Means, which puts buyers into clusters."""

    def predict(self, *, recency_days: Ints, frequency: Ints, monetary: Ints) -> Ints:
        """Return each buyer's cluster by rank, 1 to k. Shape (n,). Money in minor units."""
        points = log_features(recency_days=recency_days, frequency=frequency, monetary=monetary)
        scaled = (points - np.array(self.mean)) / np.array(self.sd)
        return nearest(scaled, centres=np.array(self.centres))[0] + 1


def log_features(*, recency_days: Ints, frequency: Ints, monetary: Ints) -> Floats:
    """Return log1p features, shape (n, 3), of days, orders and minor units, column by column."""
    money = np.maximum(monetary, 0) / MINOR
    return np.log1p(np.stack([recency_days, frequency, money]).astype(np.float64)).T


def nearest(points: Floats, *, centres: Floats) -> tuple[Ints, Floats]:
    """Return the position of each point's nearest centre and the squared distance to it.

    Of equally near centres the first wins. Differences are summed one by one rather than through
    a matrix product, so that a point's answer does not depend on its neighbours in memory.
    Columns that lie together are read fastest.
    """
    positions = np.zeros(len(points), np.int64)
    squares = np.zeros(len(points))
    for start in range(0, len(points), _BLOCK):
        block = slice(start, start + _BLOCK)
        _nearest(points[block], centres, positions[block], squares[block])
    return positions, squares


def _nearest(points: Floats, centres: Floats, positions: Ints, squares: Floats) -> None:
    """Fill positions and squares, one centre after the other."""
    squares[:] = np.inf
    difference, distance = np.empty(len(points)), np.empty(len(points))
    for number, centre in enumerate(centres):
        distance[:] = 0.0
        for axis, coordinate in zip(points.T, centre, strict=True):
            np.subtract(axis, coordinate, out=difference)
            distance += np.multiply(difference, difference, out=difference)
        np.copyto(positions, number, where=distance < squares)
        np.minimum(squares, distance, out=squares)


def squared_distances(points: Floats, *, centres: Floats) -> Floats:
    """Return all squared distances, shape (points, centres)."""
    total = np.zeros((len(points), len(centres)))
    for feature in range(points.shape[1]):
        total += (points[:, feature, None] - centres[None, :, feature]) ** 2
    return total
