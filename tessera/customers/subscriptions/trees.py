"""Gradient-boosted trees: fitted by scikit-learn, kept and evaluated as nested JSON.

A pickle would run whatever code it holds and only open in the scikit-learn that wrote it. These
trees are data: a stranger's file can at worst be wrong, and they can be read by eye.
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
        asked = [(tree, sorted(set(_features(tree)))) for tree in self.trees]
        for rows in _blocks(len(matrix)):
            block = matrix[rows]
            for tree, features in asked:
                values = _values(tree, block)
                for place in features:
                    effects[rows, place] += values - _values(tree, block, averaged=place)
        return effects

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values. ``from_dict`` reads them back."""
        return {"baseline": self.baseline, "trees": [_to_json(tree) for tree in self.trees]}

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Self:
        """Read the trees."""
        trees = tuple(_from_json(tree) for tree in document["trees"])
        return cls(baseline=document["baseline"], trees=trees)


def _values(tree: Tree, matrix: Floats, *, averaged: int | None = None) -> Floats | float:
    """Return what a tree adds for each customer, over all answers about ``averaged``."""
    if not isinstance(tree, Split):
        return tree
    left = _values(tree.left, matrix, averaged=averaged)
    right = _values(tree.right, matrix, averaged=averaged)
    if tree.feature == averaged:
        return tree.share_left * left + (1 - tree.share_left) * right
    # Three times as fast as choosing: answers are too mixed for a processor to foresee.
    goes_left = tree.goes_left(matrix[:, tree.feature]).astype(np.float64)
    return right + goes_left * (left - right)


def _blocks(rows: int) -> Iterator[slice]:
    """Yield slices of rows whose columns stay in the processor's cache."""
    return (slice(start, start + _BLOCK) for start in range(0, rows, _BLOCK))


def _features(tree: Tree) -> Iterator[int]:
    if isinstance(tree, Split):
        yield tree.feature
        yield from _features(tree.left)
        yield from _features(tree.right)


def _to_json(tree: Tree) -> dict[str, Any] | float:
    if not isinstance(tree, Split):
        return tree
    return {
        "feature": tree.feature,
        **({"levels": list(tree.levels)} if tree.threshold is None else {"up_to": tree.threshold}),
        "unknown_left": tree.unknown_left,
        "share_left": tree.share_left,
        "left": _to_json(tree.left),
        "right": _to_json(tree.right),
    }


def _from_json(value: Any) -> Tree:  # noqa: ANN401
    if not isinstance(value, Mapping):
        return float(value)
    return Split(
        feature=value["feature"],
        threshold=value.get("up_to"),
        levels=tuple(value.get("levels", ())),
        unknown_left=value["unknown_left"],
        share_left=value["share_left"],
        left=_from_json(value["left"]),
        right=_from_json(value["right"]),
    )
