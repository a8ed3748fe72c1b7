"""Purchase histories: what is refused, and that equal rows become one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.purchase.pairs import distinct
from tessera.errors import InvalidInput


def history(*rows: tuple[float, float, float]) -> PurchaseHistory:
    repeats, last_day, age_days = np.array(rows, float).reshape(-1, 3).T
    return PurchaseHistory(repeats=repeats, last_day=last_day, age_days=age_days)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ((1, 9, 8), "after the observation"),
        ((1, 0, 8), "0 for one-time buyers"),
        ((0, 3, 8), "0 for one-time buyers"),
        ((1.5, 3, 8), "whole"),
        ((-1, 3, 8), "repeats must be finite"),
        ((0, 0, float("nan")), "age_days must be finite"),
        ((0, 0, float("inf")), "age_days must be finite"),
    ],
)
def test_impossible_histories_are_refused(row, reason):
    with pytest.raises(InvalidInput, match=reason):
        history((2, 5, 9), row)


def test_columns_must_have_one_value_for_each_row():
    with pytest.raises(InvalidInput, match="age_days has not one value"):
        PurchaseHistory(repeats=np.zeros(3), last_day=np.zeros(3), age_days=np.zeros(2))
    with pytest.raises(InvalidInput, match="weights has not one value"):
        PurchaseHistory(
            repeats=np.zeros(3), last_day=np.zeros(3), age_days=np.zeros(3), weights=np.ones(2)
        )


def test_a_row_is_one_customer_by_default():
    assert history((0, 0, 4), (2, 5, 9)).weights.tolist() == [1, 1]


def test_equal_rows_become_one_with_their_weights_added():
    rows, place = history((2, 5, 9), (0, 0, 4), (2, 5, 9), (2, 4, 9), (0, 0, 4)).distinct()
    weighted = zip(rows.repeats, rows.last_day, rows.age_days, rows.weights, strict=True)
    assert list(weighted) == [(0, 0, 4, 2), (2, 4, 9, 1), (2, 5, 9, 2)]
    assert place.tolist() == [2, 0, 2, 1, 0]
    assert rows.distinct()[0].weights.tolist() == [2, 1, 2]


def test_nobody_is_a_history_too():
    rows, place = history().distinct()
    assert len(rows) == len(place) == 0


ROWS = st.tuples(st.integers(0, 3), st.integers(1, 4), st.integers(0, 3)).map(
    lambda row: (row[0], row[1] * (row[0] > 0), row[1] * (row[0] > 0) + row[2])
)


@given(st.lists(ROWS, max_size=30), st.sampled_from([1.0, 1 / 7]))
def test_places_lead_back_to_every_row(rows, unit):
    whole = history(*[(x, t * unit, age * unit) for x, t, age in rows])
    distinct_rows, place = whole.distinct()
    for column in ("repeats", "last_day", "age_days"):
        assert getattr(distinct_rows, column)[place].tolist() == getattr(whole, column).tolist()
    assert len(distinct_rows) == len(set(rows))
    assert distinct_rows.weights.sum() == len(rows)


@pytest.mark.parametrize("largest", [100, 1 << 30, 1 << 62], ids=["table", "packed", "sorted"])
def test_distinct_keys_are_the_same_however_they_are_found(largest):
    keys = np.random.default_rng(1).integers(0, 50, 1000) * (largest // 50)
    keys_once, place = distinct(keys)
    expected, index = np.unique(keys, return_inverse=True)
    assert keys_once.tolist() == expected.tolist()
    assert place.tolist() == index.tolist()
