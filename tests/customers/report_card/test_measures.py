"""Errors, deciles, AUC and the top tenth: by hand, by scikit-learn, and what always holds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from tessera.customers.report_card.measures import accuracy, auc, deciles, top_share

scores = st.lists(
    st.tuples(st.integers(0, 8), st.booleans(), st.integers(1, 4)), min_size=2, max_size=60
)


def columns(rows) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    score, outcome, weights = zip(*rows, strict=True)
    return np.array(score, float), np.array(outcome), np.array(weights, float)


def test_errors_by_hand():
    measured = accuracy(
        np.array([1.0, 0.0, 4.0]), actual=np.array([2.0, 0.0, 1.0]), weights=np.array([1.0, 2, 1])
    )
    assert (measured.predicted, measured.actual) == (5, 3)
    assert measured.total_error == pytest.approx(2 / 3)
    assert measured.off_by == pytest.approx(2 / 3)
    assert measured.mae == 1.0
    assert measured.rmse == pytest.approx((10 / 4) ** 0.5)


def test_when_nothing_happens_there_is_no_total_error():
    measured = accuracy(np.ones(2), actual=np.zeros(2), weights=np.ones(2))
    assert measured.total_error is None
    assert measured.off_by == 0


@settings(deadline=None, max_examples=50)
@given(scores)
def test_auc_is_scikit_learns(rows):
    score, outcome, weights = columns(rows)
    if outcome.all() or not outcome.any():
        assert auc(score, outcome=outcome, weights=weights) is None
        return
    expected = roc_auc_score(outcome, score, sample_weight=weights)
    assert auc(score, outcome=outcome, weights=weights) == pytest.approx(expected)


@settings(deadline=None, max_examples=50)
@given(scores)
def test_deciles_lose_nobody_and_ascend(rows):
    predicted, outcome, weights = columns(rows)
    groups = deciles(predicted, actual=outcome.astype(float), weights=weights)
    assert sum(group.customers for group in groups) == weights.sum()
    assert sum(group.customers * group.actual for group in groups) == pytest.approx(
        (weights * outcome).sum()
    )
    means = [group.predicted for group in groups]
    assert means == sorted(means)
    assert [group.decile for group in groups] == sorted({group.decile for group in groups})


def test_deciles_of_distinct_predictions_are_tenths():
    groups = deciles(np.arange(100.0), actual=np.ones(100), weights=np.ones(100))
    assert [group.customers for group in groups] == [10] * 10
    assert [group.predicted for group in groups] == [4.5 + 10 * place for place in range(10)]


def test_equal_predictions_share_a_decile():
    groups = deciles(
        np.r_[np.zeros(70), np.arange(1, 31.0)], actual=np.ones(100), weights=np.ones(100)
    )
    assert [(group.decile, group.customers) for group in groups] == [
        (4, 70),
        (8, 10),
        (9, 10),
        (10, 10),
    ]


def test_the_top_tenth_has_its_share():
    value = np.r_[np.full(10, 50.0), np.full(90, 50 / 9)]
    score = -np.arange(100.0)
    assert top_share(score, value=value, weights=np.ones(100)) == pytest.approx(0.5)
    assert top_share(np.zeros(100), value=value, weights=np.ones(100)) == pytest.approx(0.1)


def test_ties_at_the_edge_count_at_their_mean():
    score = np.r_[np.full(5, 2.0), np.full(10, 1.0), np.zeros(85)]
    value = np.r_[np.full(5, 6.0), np.full(10, 7.0), np.zeros(85)]
    share = top_share(score, value=value, weights=np.ones(100))
    assert share == pytest.approx((30 + 35) / 100)


def test_without_value_there_is_no_share():
    assert top_share(np.arange(10.0), value=np.zeros(10), weights=np.ones(10)) is None
