"""Growing the trees, apart from using them: scikit-learn is slow to import."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from tessera.customers.forecasting.correction.trees import forest_values
from tessera.customers.one_thread import one_thread
from tessera.customers.purchase.pairs import Floats
from tessera.customers.scikit_trees import check_reading, read_trees
from tessera.records.scoring.learnt_forecasts import Forest, SmallTree

_DIGITS = 9
_CHECKED = 1000
_SHAPE: dict[str, Any] = {
    "max_iter": 120,
    "learning_rate": 0.05,
    "max_leaf_nodes": 6,
    "min_samples_leaf": 80,
    "l2_regularization": 10.0,
    "early_stopping": False,
    "random_state": 0,
}


def grow_orders(features: Floats, orders: Floats) -> Forest:
    """Fit trees to counts by Poisson deviance. Their values are logarithms of the mean."""
    return _grown(HistGradientBoostingRegressor(loss="poisson", **_SHAPE), features, orders)


def grow_no_order(features: Floats, silent: Floats) -> Forest:
    """Fit trees by log loss. Their values are log-odds of no order."""
    return _grown(HistGradientBoostingClassifier(**_SHAPE), features, silent > 0)


def _grown(learner: Any, features: Floats, target: Any) -> Forest:  # noqa: ANN401
    with one_thread():
        fitted = learner.fit(features, target)
        few = features[:_CHECKED]
        decided = getattr(fitted, "decision_function", None)
        expected = decided(few) if decided else np.log(fitted.predict(few))
    baseline, grown = read_trees(fitted)
    forest = Forest(baseline=baseline, trees=tuple(_small(tree.nodes) for tree in grown))
    check_reading(forest_values(forest, few), theirs=expected)
    return forest


def _small(nodes: Any) -> SmallTree:  # noqa: ANN401
    """Return a tree as three rows of numbers, a split's two children side by side."""
    feature, value, left = [-1], [0.0], [-1]
    waiting = [(0, 0)]
    while waiting:
        at, place = waiting.pop(0)
        node = nodes[at]
        if node["is_leaf"]:
            value[place] = round(float(node["value"]), _DIGITS)
            continue
        first = len(feature)
        feature[place], left[place] = int(node["feature_idx"]), first
        value[place] = float(node["num_threshold"])
        feature += [-1, -1]
        value += [0.0, 0.0]
        left += [-1, -1]
        waiting += [(int(node["left"]), first), (int(node["right"]), first + 1)]
    return SmallTree(feature=tuple(feature), value=tuple(value), left=tuple(left))
