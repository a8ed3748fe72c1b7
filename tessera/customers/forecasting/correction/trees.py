"""Boosted trees over plain features: what customers with a like history did next."""

from __future__ import annotations

import numpy as np

from tessera.customers.purchase.pairs import Floats
from tessera.records.scoring.learnt_forecasts import Forest, SmallTree

_BLOCK = 1 << 13  # rows whose columns stay in the processor's cache
_NODES = 2  # children of a split


def forest_values(forest: Forest, features: Floats) -> Floats:
    """Return the sum of all trees' leaves and the baseline, shape (n,)."""
    total = np.full(len(features), forest.baseline)
    for start in range(0, len(features), _BLOCK):
        rows = slice(start, start + _BLOCK)
        columns = np.ascontiguousarray(features[rows].T)
        sums = total[rows]
        for tree in forest.trees:
            sums += _values(tree, columns, 0)
    return total


def _values(tree: SmallTree, columns: Floats, node: int) -> Floats | float:
    if tree.feature[node] < 0:
        return tree.value[node]
    left = _values(tree, columns, tree.left[node])
    right = _values(tree, columns, tree.left[node] + 1)
    goes_left = (columns[tree.feature[node]] <= tree.value[node]).astype(np.float64)
    chosen: Floats = right + goes_left * (left - right)
    return chosen
