"""Weighted points, and few of them that stand for many: the means of a grid's cells."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np

from tessera.customers.clusters.model import Floats
from tessera.customers.money import Ints

_FINEST_CELL = 1 / 32  # in standard deviations
_MOST_CORNERS = 1 << 22  # of a grid, empty cells included: it is held whole
_BLOCK = 1 << 18  # points that are put into cells at a time


@dataclasses.dataclass(frozen=True)
class WeightedPoints:
    """Distinct standardised points, shape (n, 3), and how many customers each stands for."""

    points: Floats
    weights: Floats


@dataclasses.dataclass(frozen=True)
class Grid:
    """The cells of a grid that hold customers.

    Parameters
    ----------
    corners
        Shape (3, n), where each cell lies, in cells.
    sums, weights
        Shapes (3, n) and (n,): its customers' points added up, and how many they are.
    """

    corners: Ints
    sums: Floats
    weights: Floats

    @property
    def rows(self) -> WeightedPoints:
        """Each cell as the mean of its customers."""
        return WeightedPoints((self.sums / self.weights).T, self.weights)

    def coarser(self) -> Grid:
        """Return the grid with cells twice as wide."""
        corners = self.corners >> 1
        first = corners.min(axis=1)
        spans = (corners.max(axis=1) - first + 1).tolist()
        keys = _keys(corners, first=first, spans=spans)
        _, first, place = np.unique(keys, return_index=True, return_inverse=True)
        sums = [np.bincount(place, weights=axis) for axis in self.sums]
        weights = np.bincount(place, weights=self.weights).astype(np.float64)
        return Grid(corners[:, first], np.stack(sums), weights)


def grid(rows: WeightedPoints) -> Grid:
    """Return the finest grid of some points that is not too large to be held."""
    cell = _FINEST_CELL
    low, high = rows.points.min(axis=0), rows.points.max(axis=0)
    while np.prod(np.floor(high / cell) - np.floor(low / cell) + 1) > _MOST_CORNERS:
        cell *= 2
    first = np.floor(low / cell).astype(np.int64)
    spans = tuple((np.floor(high / cell).astype(np.int64) - first + 1).tolist())
    weights, sums = np.zeros(np.prod(spans)), np.zeros((3, np.prod(spans)))
    for start in range(0, len(rows.weights), _BLOCK):
        points, customers = (
            rows.points[start : start + _BLOCK],
            rows.weights[start : start + _BLOCK],
        )
        corners = [np.floor(axis / cell).astype(np.int64) for axis in points.T]
        keys = _keys(corners, first=first, spans=spans)
        np.add.at(weights, keys, customers)
        for total, axis in zip(sums, points.T, strict=True):
            np.add.at(total, keys, customers * axis)
    taken = np.flatnonzero(weights)
    places = np.stack(np.unravel_index(taken, spans)) + first[:, None]
    return Grid(places, sums[:, taken], weights[taken])


def _keys(corners: Iterable[Ints], *, first: Ints, spans: Sequence[int]) -> Ints:
    """Return a number for each cell of a grid that begins at ``first`` and spans so many."""
    keys = np.zeros(1, np.int64)
    for axis, start, span in zip(corners, first, spans, strict=True):
        keys = keys * span + (axis - start)
    return keys
