"""How a churn model is tested."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.customers.subscriptions.splits import BY_FOLDS, BY_TIME, inner_splits, splits_for


def split(cancelled, observed, *, lacking="", horizon_days=30):
    return splits_for(
        np.asarray(cancelled, bool),
        observed=np.asarray(observed, np.float64),
        horizon_days=horizon_days,
        least=lambda outcomes: lacking if len(outcomes) else "nobody",
        seed=1,
    )


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 300), st.integers(1, 60), st.integers(0, 1000))
def test_no_outcome_of_a_training_row_lies_in_the_time_that_is_predicted(span, horizon, seed):
    draw = np.random.default_rng(seed)
    days, cancelled = draw.integers(0, span, 300), draw.random(300) < 0.4
    chosen = split(cancelled, days, horizon_days=horizon)
    for training, test in chosen.rows:
        assert not set(training) & set(test)
        if chosen.kind == BY_TIME:
            latest = days[training].max(initial=-1)
            assert latest + horizon <= days[test].min()
            assert len(test) >= 50
        else:
            assert len(training) + len(test) == len(days)


def test_folds_have_equal_shares_of_cancellations():
    cancelled = np.arange(400) % 4 == 0
    chosen = split(cancelled, np.zeros(400))
    assert chosen.kind == BY_FOLDS
    assert [int(cancelled[test].sum()) for _, test in chosen.rows] == [20] * 5
    assert "all rows describe the same day" in chosen.note
    assert "cannot show how the model ages" in chosen.note


@pytest.mark.parametrize(
    ("cancelled", "lacking", "note"),
    [
        (np.arange(400) % 2 == 0, "5 customers cancelled, 30 are needed", "5 customers cancelled"),
        (np.arange(400) < 200, "", "0 customers cancelled and 101 stayed"),
    ],
)
def test_a_split_by_time_that_leaves_too_little_becomes_folds(cancelled, lacking, note):
    chosen = split(cancelled, np.arange(400), lacking=lacking)
    assert chosen.kind == BY_FOLDS
    assert note in chosen.note


def inner(cancelled, observed, *, least=lambda outcomes: ""):
    return inner_splits(
        np.asarray(cancelled, bool),
        observed=np.asarray(observed, np.float64),
        horizon_days=30,
        least=least,
        seed=1,
    )


def test_candidates_are_compared_on_later_rows_where_these_suffice():
    cancelled, days = np.arange(900) % 3 == 0, np.arange(900) // 3
    [(some, others)] = inner(cancelled, days)
    assert days[some].max() + 30 <= days[others].min()
    few = inner(cancelled, days, least=lambda outcomes: "too few" if len(outcomes) < 300 else "")
    assert len(few) == 3


def test_one_fold_in_three_is_enough_for_a_large_table():
    assert len(inner(np.arange(20_000) % 3 == 0, np.zeros(20_000))) == 3
    [(some, others)] = inner(np.arange(20_001) % 3 == 0, np.zeros(20_001))
    assert len(others) == 6_667
    assert not set(some) & set(others)
