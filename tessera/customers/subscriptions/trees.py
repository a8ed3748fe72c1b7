"""Gradient-boosted trees: fitted by scikit-learn, kept and evaluated as nested JSON.

A pickle would run whatever code it holds and only open in the scikit-learn that wrote it. These
trees are data: a stranger's file can at worst be wrong. A leaf is a number. A question is a list:
the feature's place, the threshold or the list of levels that go left, whether unknown values go
left (1 or 0), the share that went left in training, the left branch, the right branch.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, Self

import numpy as np

from tessera.customers.subscriptions.attributes import Bools, Floats

_BLOCK = 1 << 14


@dataclasses.dataclass(frozen=True, kw_only=True)
class Split:
    """A question about one feature.

    Parameters
    ----------
    feature
        Its place in the matrix.
    threshold
        Numbers up to it go left. None for a category.
    levels
        The levels of a category that go left.
    unknown_left
        Where customers go whose value is unknown.
    share_left
        Of the customers in training who were asked, those who went left.
    left, right
        What follows: another question, or the log-odds that a leaf adds.
    """

    feature: int
    threshold: float | None
    levels: tuple[int, ...]
    unknown_left: bool
    share_left: float
    left: Tree
    right: Tree

    def goes_left(self, values: Floats) -> Bools:
        """Return for each customer whether to go left."""
        if self.threshold is None:
            inside = np.isin(values, self.levels)
            return inside | np.isnan(values) if self.unknown_left else inside
        # Comparing with an unknown value is false either way.
        return ~(values > self.threshold) if self.unknown_left else values <= self.threshold


Tree = Split | float


@dataclasses.dataclass(frozen=True, kw_only=True)
class Boosting:
    """A baseline and trees. The log-odds are their sum."""

    baseline: float
    trees: tuple[Tree, ...]

    def log_odds(self, matrix: Floats) -> Floats:
        """Return the log-odds of a cancellation, shape (n,)."""
        total = np.full(len(matrix), self.baseline)
        for rows in _blocks(len(matrix)):
            for tree in self.trees:
                total[rows] += _values(tree, matrix[rows])
        return total

    def effects(self, matrix: Floats) -> Floats:
        """Return by how much each feature's value raises the log-odds, shape (n, features).

        Against their mean over the values of that feature which customers had in training, all
        else being equal: where a tree asks for the feature, both answers count by their shares.
        """
        effects = np.zeros(matrix.shape)
        for rows in _blocks(len(matrix)):
            for tree in self.trees:
                values, averages = _averages(tree, matrix[rows])
                for place, average in averages.items():
                    effects[rows, place] += values - average
        return effects

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values. ``from_dict`` reads them back."""
        return {"baseline": self.baseline, "trees": [_to_json(tree) for tree in self.trees]}

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Self:
        """Read the trees."""
        trees = tuple(_from_json(tree) for tree in document["trees"])
        return cls(baseline=document["baseline"], trees=trees)


def _values(tree: Tree, matrix: Floats) -> Floats | float:
    """Return what a tree adds for each customer."""
    if not isinstance(tree, Split):
        return tree
    left, right = _values(tree.left, matrix), _values(tree.right, matrix)
    return _chosen(tree.goes_left(matrix[:, tree.feature]), left, right)


def _averages(tree: Tree, matrix: Floats) -> tuple[Floats | float, dict[int, Floats | float]]:
    """Return what a tree adds, and what it adds over all answers about each of its features."""
    if not isinstance(tree, Split):
        return tree, {}
    left, left_averages = _averages(tree.left, matrix)
    right, right_averages = _averages(tree.right, matrix)
    goes_left = tree.goes_left(matrix[:, tree.feature])
    averages = {}
    for place in sorted({tree.feature, *left_averages, *right_averages}):
        both = left_averages.get(place, left), right_averages.get(place, right)
        if place == tree.feature:
            averages[place] = tree.share_left * both[0] + (1 - tree.share_left) * both[1]
        else:
            averages[place] = _chosen(goes_left, *both)
    return _chosen(goes_left, left, right), averages


def _chosen(goes_left: Bools, left: Floats | float, right: Floats | float) -> Floats:
    # Three times as fast as choosing: answers are too mixed for a processor to foresee.
    return np.asarray(right + goes_left.astype(np.float64) * (left - right), np.float64)


def _blocks(rows: int) -> Iterator[slice]:
    """Yield slices of rows whose columns stay in the processor's cache."""
    return (slice(start, start + _BLOCK) for start in range(0, rows, _BLOCK))


def _to_json(tree: Tree) -> list[Any] | float:
    if not isinstance(tree, Split):
        return tree
    return [
        tree.feature,
        list(tree.levels) if tree.threshold is None else tree.threshold,
        int(tree.unknown_left),
        tree.share_left,
        _to_json(tree.left),
        _to_json(tree.right),
    ]


def _from_json(value: Any) -> Tree:  # noqa: ANN401
    if not isinstance(value, list):
        return float(value)
    feature, asked, unknown_left, share_left, left, right = value
    is_category = isinstance(asked, list)
    return Split(
        feature=feature,
        threshold=None if is_category else asked,
        levels=tuple(asked) if is_category else (),
        unknown_left=bool(unknown_left),
        share_left=share_left,
        left=_from_json(left),
        right=_from_json(right),
    )
