"""The fences: real shops lie inside, wrong amounts outside, in any currency."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.customers.spend.history import SpendHistory
from tessera.customers.spend.outliers import winsorised
from tests.histories import SHOPS


def spends(values, *, weights=None) -> SpendHistory:
    return SpendHistory.of(np.ones(len(values)), mean_spend=values, weights=weights)


def usual(customers: int = 400) -> np.ndarray:
    return np.exp(np.random.default_rng(4).normal(3, 0.7, customers))


@pytest.mark.parametrize("shop", ["cdnow_sample", "online_retail", "boutique"])
def test_usual_shops_lie_inside(peers, shop):
    if shop in SHOPS:
        drawn = SHOPS[shop].drawn
        history = spends(drawn.mean_spend[drawn.history.repeats > 0])
    else:
        columns = peers(shop)
        history = spends(columns["monetary_value_cal"][columns["frequency_cal"] > 0])
    inside, moved = winsorised(history)
    assert moved == 0
    assert inside.mean_spend.tolist() == history.mean_spend.tolist()


def test_amounts_wrong_by_a_thousand_move_to_the_fence_and_no_others():
    values = usual()
    inside, moved = winsorised(spends(np.append(values, [20_000.0, 0.02])))
    assert moved == 2
    assert inside.mean_spend[:-2].tolist() == values.tolist()
    assert values.max() < inside.mean_spend[-2] < 20_000
    assert 0.02 < inside.mean_spend[-1] < values.min()


def test_more_than_a_few_are_no_outliers():
    crowd = np.append(usual(), np.full(10, 50_000.0))
    inside, moved = winsorised(spends(crowd))
    assert moved == 0
    assert inside.mean_spend.max() == 50_000


def test_one_is_an_outlier_even_of_a_small_shop():
    _, moved = winsorised(spends(np.append(usual(30), 1e7)))
    assert moved == 1


def test_without_a_fence_nothing_moves():
    _, moved = winsorised(spends(np.append(usual(), 1e9)), fence=math.inf)
    assert moved == 0


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(1, 5), min_size=40, max_size=40))
def test_equal_customers_may_be_one_weighted_row(copies):
    values = np.append(usual(39), 1e6)
    weighted, moved = winsorised(spends(values, weights=copies))
    apart, same = winsorised(spends(np.repeat(values, copies)))
    assert moved == same
    assert np.repeat(weighted.mean_spend, copies) == pytest.approx(apart.mean_spend)
