"""Tenths: as many customers in each, and equals together."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tessera.customers.forecasting.tenths import tenths

NUMBERS = st.lists(st.one_of(st.integers(0, 9).map(float), st.just(float("nan"))), max_size=60)


def test_a_hundred_distinct_values_are_ten_in_each():
    mixed = np.random.default_rng(1).permutation(100).astype(float)
    assert tenths(mixed).tolist() == (mixed // 10 + 1).tolist()


def test_equal_values_share_the_tenth_of_their_middle():
    values = np.r_[np.zeros(70), np.arange(1.0, 31)]
    assert tenths(values).tolist() == [4] * 70 + [8] * 10 + [9] * 10 + [10] * 10
    assert tenths(np.full(7, 2.5)).tolist() == [6] * 7


@given(NUMBERS, st.randoms())
def test_tenths_follow_values_whatever_the_order_of_customers(values, random):
    column = np.array(values, float)
    made = tenths(column)
    assert np.array_equal(np.isnan(made), np.isnan(column))
    present = ~np.isnan(column)
    assert set(made[present]) <= set(range(1, 11))
    order = np.argsort(column[present], kind="stable")
    assert (np.diff(made[present][order]) >= 0).all()
    places = list(range(len(values)))
    random.shuffle(places)
    assert np.array_equal(tenths(column[places]), made[places], equal_nan=True)


@given(NUMBERS)
def test_a_tenth_is_that_of_the_middle_of_those_who_are_equal(values):
    present = [value for value in values if not np.isnan(value)]
    for value, tenth in zip(values, tenths(np.array(values, float)).tolist(), strict=True):
        if not np.isnan(value):
            below = sum(one < value for one in present)
            twice_middle = 2 * below + present.count(value)
            assert tenth == min(10 * twice_middle // (2 * len(present)), 9) + 1


def test_empty_stays_empty():
    assert tenths(np.zeros(0)).shape == (0,)
    assert np.isnan(tenths(np.full(3, np.nan))).all()
