"""Trees as rows of numbers: the same answers as scikit-learn's."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import threadpoolctl
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from tessera.customers.forecasting.correction.tree_growth import grow_no_order, grow_orders
from tessera.customers.forecasting.correction.trees import forest_values
from tessera.records.scoring.learnt_forecasts import Forest, SmallTree

RANDOM = np.random.default_rng(6)
FEATURES = np.column_stack(
    [RANDOM.integers(0, 6, 700), RANDOM.gamma(1, 50, 700), RANDOM.integers(-3, 3, 700)]
).astype(float)
ORDERS = RANDOM.poisson(0.2 + (FEATURES[:, 0] > 3) + (FEATURES[:, 1] < 20)).astype(float)
SHAPE = {
    "max_iter": 120, "learning_rate": 0.05, "max_leaf_nodes": 6, "min_samples_leaf": 80,
    "l2_regularization": 10.0, "early_stopping": False, "random_state": 0,
}  # fmt: skip


@pytest.fixture(scope="module")
def forest() -> Forest:
    return grow_orders(FEATURES, ORDERS)


def on_edges(forest: Forest) -> np.ndarray:
    """Rows whose values are thresholds of the trees, just below them, and just above."""
    splits = {
        (feature, value)
        for tree in forest.trees
        for feature, value in zip(tree.feature, tree.value, strict=True)
        if feature >= 0
    }
    rows = []
    for (feature, value), side in itertools.product(sorted(splits), (-np.inf, None, np.inf)):
        row = FEATURES[0].copy()
        row[feature] = value if side is None else np.nextafter(value, side)
        rows.append(row)
    return np.array(rows)


def test_counts_are_scikit_learns_on_and_beside_each_threshold(forest):
    theirs = HistGradientBoostingRegressor(loss="poisson", **SHAPE).fit(FEATURES, ORDERS)
    rows = np.concatenate([on_edges(forest), FEATURES, [[1e9, -1e9, 0]]])
    assert len(forest.trees) == 120
    assert np.exp(forest_values(forest, rows)) == pytest.approx(theirs.predict(rows), abs=1e-6)


def test_chances_are_scikit_learns_too():
    silent = ORDERS == 0
    theirs = HistGradientBoostingClassifier(**SHAPE).fit(FEATURES, silent)
    ours = forest_values(grow_no_order(FEATURES, silent), FEATURES)
    chance = theirs.predict_proba(FEATURES)[:, 1]
    assert 1 / (1 + np.exp(-ours)) == pytest.approx(chance, abs=1e-6)


def test_values_up_to_a_threshold_go_left():
    tree = SmallTree(feature=(1, -1, -1), value=(0.5, -1.0, 2.0), left=(1, -1, -1))
    single = SmallTree(feature=(-1,), value=(0.25,), left=(-1,))
    values = forest_values(
        Forest(baseline=10.0, trees=(tree, single, tree)),
        np.array([[9, 0.5], [9, np.nextafter(0.5, 1)], [9, -1e300]]),
    )
    assert values.tolist() == [8.25, 14.25, 8.25]


def test_many_rows_have_the_values_of_few(forest):
    many = np.tile(FEATURES, (20, 1))  # several blocks
    assert np.array_equal(forest_values(forest, many), np.tile(forest_values(forest, FEATURES), 20))
    assert forest_values(forest, FEATURES[:0]).shape == (0,)


def test_threads_change_nothing(forest):
    with threadpoolctl.threadpool_limits(limits=2):
        assert grow_orders(FEATURES, ORDERS) == forest


def test_too_few_rows_for_a_split_are_their_mean():
    few = grow_orders(FEATURES[:50], ORDERS[:50])
    assert np.exp(forest_values(few, FEATURES)) == pytest.approx(ORDERS[:50].mean())
