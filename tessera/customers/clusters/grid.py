"""Weighted points, and few of them that stand for many: the means of a grid's cells."""

from __future__ import annotations

import dataclasses

import numpy as np

from tessera.customers.clusters.model import Floats
from tessera.customers.money import Ints

_FINEST_CELL = 1 / 32  # in standard deviations
_MOST_CORNERS = 1 << 22  # of a grid, empty cells included: it is held whole


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
        keys, _ = _keys(corners)
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
    corners = np.stack([np.floor(axis / cell).astype(np.int64) for axis in rows.points.T])
    keys, spans = _keys(corners)
    weights = np.bincount(keys, weights=rows.weights).astype(np.float64)
    taken = np.flatnonzero(weights)
    sums = [np.bincount(keys, weights=rows.weights * axis)[taken] for axis in rows.points.T]
    places = np.stack(np.unravel_index(taken, spans)) + corners.min(axis=1)[:, None]
    return Grid(places, np.stack(sums), weights[taken])


def _keys(corners: Ints) -> tuple[Ints, tuple[int, ...]]:
    """Return a number for each cell, and how many cells each axis spans."""
    low = corners.min(axis=1)
    spans = tuple((corners.max(axis=1) - low + 1).tolist())
    keys = np.zeros(corners.shape[1], np.int64)
    for axis, start, span in zip(corners, low, spans, strict=True):
        keys *= span
        keys += axis - start
    return keys, spans
