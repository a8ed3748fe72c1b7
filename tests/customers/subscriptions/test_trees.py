"""Boosted trees as data: they say what scikit-learn's say, and explain themselves."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from tessera.customers.subscriptions import tree_fit, trees
from tessera.customers.subscriptions.encoding import encode
from tessera.customers.subscriptions.tree_fit import fit_boosting
from tessera.customers.subscriptions.trees import Boosting, Split


@pytest.fixture(scope="module")
def rows(shop):
    encoding = encode(shop.attributes, day=shop.day)
    return encoding, encoding.matrix(shop.attributes, day=shop.day)


@pytest.fixture(scope="module")
def model(shop, rows):
    return fit_boosting(rows[1], shop.label == 1, encoding=rows[0], seed=3)


def test_the_trees_answer_as_scikit_learn_does_for_customers_they_have_not_seen(shop, rows, model):
    _, matrix = rows
    theirs = HistGradientBoostingClassifier(
        learning_rate=0.05, max_iter=tree_fit.ROUNDS, max_leaf_nodes=8, min_samples_leaf=50,
        l2_regularization=10.0,
        categorical_features=[True, False, False, False], early_stopping=False, random_state=3,
    ).fit(matrix, shop.label == 1)  # fmt: skip
    draw = np.random.default_rng(1)
    others = np.column_stack([draw.permutation(column) for column in matrix.T])
    others[draw.random(others.shape) < 0.2] = np.nan
    assert model.log_odds(others) == pytest.approx(theirs.decision_function(others), abs=1e-6)


def test_a_model_survives_json(rows, model):
    again = Boosting.from_dict(json.loads(json.dumps(model.to_dict())))
    assert again == model
    assert (again.log_odds(rows[1]) == model.log_odds(rows[1])).all()


def test_blocks_leave_no_trace(rows, model, monkeypatch):
    whole, effects = model.log_odds(rows[1]), model.effects(rows[1])
    monkeypatch.setattr(trees, "_BLOCK", 64)
    assert (model.log_odds(rows[1]) == whole).all()
    assert (model.effects(rows[1]) == effects).all()


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


def test_a_feature_of_which_nothing_is_known_is_never_asked_for(rows, shop, few_rounds):
    encoding, matrix = rows
    blank = matrix.copy()
    blank[:, 1] = np.nan
    model = fit_boosting(blank, shop.label == 1, encoding=encoding, seed=3)
    assert (model.effects(matrix)[:, 1] == 0).all()


def test_trees_that_scikit_learn_stores_otherwise_are_noticed(rows, shop, monkeypatch):
    monkeypatch.setattr(tree_fit, "_levels", lambda words: ())
    with pytest.raises(RuntimeError, match="misread"):
        fit_boosting(rows[1], shop.label == 1, encoding=rows[0], seed=3)
