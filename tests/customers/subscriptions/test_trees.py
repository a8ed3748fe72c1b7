"""Boosted trees as data: they say what scikit-learn's say, and explain themselves."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from tessera.customers.subscriptions import tree_fit, trees
from tessera.customers.subscriptions.tree_fit import Growth, fit_boosting, grow_boosting
from tessera.customers.subscriptions.trees import Boosting, Split

GROWTH = Growth(leaves=8, rate=0.05, features=0.5)


@pytest.fixture(scope="module")
def model(rows):
    return fit_boosting(rows, growth=GROWTH, rounds=150, seed=3)


def test_the_trees_answer_as_scikit_learn_does_for_customers_they_have_not_seen(rows, model):
    theirs = HistGradientBoostingClassifier(
        learning_rate=0.05, max_iter=150, max_leaf_nodes=8, min_samples_leaf=20, max_features=0.5,
        l2_regularization=10.0,
        categorical_features=[True, False, False, False], early_stopping=False, random_state=3,
    ).fit(rows.matrix, rows.cancelled)  # fmt: skip
    draw = np.random.default_rng(1)
    others = np.column_stack([draw.permutation(column) for column in rows.matrix.T])
    others[draw.random(others.shape) < 0.2] = np.nan
    assert model.log_odds(others) == pytest.approx(theirs.decision_function(others), abs=1e-6)


def test_growing_ends_where_other_customers_are_predicted_best(rows):
    some, others = rows.take(np.arange(1_000)), rows.take(np.arange(1_000, 1_500))
    grown = grow_boosting(some, others=others, growth=GROWTH, seed=3)
    assert 1 < len(grown.trees) < tree_fit.ROUNDS

    def loss(trees):
        score = Boosting(baseline=grown.baseline, trees=trees).log_odds(others.matrix)
        return np.logaddexp(0, np.where(others.cancelled, -score, score)).mean()

    longer = fit_boosting(some, growth=GROWTH, rounds=len(grown.trees) + 20, seed=3).trees
    assert longer[: len(grown.trees)] == grown.trees
    losses = [loss(longer[:count]) for count in range(1, len(longer) + 1)]
    assert np.argmin(losses) + 1 == len(grown.trees)


def test_large_tables_grow_fewer_rounds():
    assert tree_fit.most_rounds(1_000) == tree_fit.most_rounds(75_000) == tree_fit.ROUNDS
    assert tree_fit.most_rounds(100_000) == 300


def test_a_model_survives_json(rows, model):
    again = Boosting.from_dict(json.loads(json.dumps(model.to_dict())))
    assert again == model
    assert (again.log_odds(rows.matrix) == model.log_odds(rows.matrix)).all()


def test_blocks_leave_no_trace(rows, model, monkeypatch):
    whole, effects = model.log_odds(rows.matrix), model.effects(rows.matrix)
    monkeypatch.setattr(trees, "_BLOCK", 64)
    assert (model.log_odds(rows.matrix) == whole).all()
    assert (model.effects(rows.matrix) == effects).all()


def test_an_effect_is_the_answer_less_its_mean_over_the_shares():
    leafs = Split(feature=1, threshold=None, levels=(0, 2), unknown_left=True, share_left=0.25,
                  left=4.0, right=0.0)  # fmt: skip
    tree = Split(feature=0, threshold=10.0, levels=(), unknown_left=False, share_left=0.5,
                 left=leafs, right=2.0)  # fmt: skip
    model = Boosting(baseline=-1.0, trees=(tree,))
    matrix = np.array([[5, 0], [5, 1], [5, np.nan], [11, 0], [np.nan, 1]], np.float64)
    assert model.log_odds(matrix).tolist() == [3, -1, 3, 1, 1]
    by_first = [4 - 3, 0 - 1, 4 - 3, 2 - 3, 2 - 1]  # half of the customers went either way
    by_second = [4 - 1, 0 - 1, 4 - 1, 0, 0]  # a quarter of them adds 4
    assert model.effects(matrix).T.tolist() == [by_first, by_second]


def test_an_effect_counts_a_feature_that_is_asked_for_twice_once():
    again = Split(feature=0, threshold=5.0, levels=(), unknown_left=False, share_left=0.25,
                  left=8.0, right=4.0)  # fmt: skip
    tree = Split(feature=0, threshold=10.0, levels=(), unknown_left=False, share_left=0.5,
                 left=again, right=1.0)  # fmt: skip
    model = Boosting(baseline=0.0, trees=(tree,))
    matrix = np.array([[3], [7], [20]], np.float64)
    mean = 0.5 * (0.25 * 8 + 0.75 * 4) + 0.5 * 1
    assert model.effects(matrix)[:, 0].tolist() == [8 - mean, 4 - mean, 1 - mean]


def test_a_feature_of_which_nothing_is_known_is_never_asked_for(rows):
    blank = rows.matrix.copy()
    blank[:, 1] = np.nan
    unknown = dataclasses.replace(rows, matrix=blank)
    model = fit_boosting(unknown, growth=GROWTH, rounds=10, seed=3)
    assert (model.effects(rows.matrix)[:, 1] == 0).all()


def test_trees_that_scikit_learn_stores_otherwise_are_noticed(rows, monkeypatch):
    monkeypatch.setattr(tree_fit, "_levels", lambda words: ())
    with pytest.raises(RuntimeError, match="misread"):
        fit_boosting(rows, growth=GROWTH, rounds=10, seed=3)
