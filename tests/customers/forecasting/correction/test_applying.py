"""Applying what was learnt: the total is right, and nobody depends on anybody else."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tessera.customers.forecasting.correction.applying import (
    chance_of_no_order,
    expected_orders,
    scaled,
)
from tessera.customers.forecasting.history.known import GROUPS
from tessera.customers.forecasting.history.snapshot import BuyerSnapshot
from tessera.records.scoring.learnt_forecasts import (
    Blend,
    Forest,
    LearntChance,
    LearntOrders,
    Regression,
    Scale,
    SmallTree,
)
from tests.behaviour import SMALL, of_shop, snapshot

UNSCALED = Scale(days=0, mean_expected=0.0, of_factor=1.0, of_trees=1.0)
FOREST = Forest(
    baseline=-1.0,
    trees=(
        SmallTree(feature=(0, -1, -1), value=(1.5, -0.8, 0.9), left=(1, -1, -1)),
        SmallTree(feature=(2, -1, -1), value=(60.0, 0.5, -0.7), left=(1, -1, -1)),
    ),
)
HALF = {
    "new": Blend(weight=0.0, share=0.0),
    "bought_once": Blend(weight=0.5, share=0.0),
    "repeated": Blend(weight=1.0, share=0.5),
}


@pytest.fixture(scope="module")
def at() -> BuyerSnapshot:
    return snapshot(of_shop(SMALL).until(360))


@pytest.fixture(scope="module")
def regression(at) -> Regression:
    effect = np.random.default_rng(4).normal(0, 0.3, len(at.names))
    return Regression(
        names=at.names,
        mean=tuple(at.features.mean(axis=0)),
        spread=tuple(at.features.std(axis=0) + 1e-9),
        intercept=-0.2,
        coefficients=tuple(effect),
    )


@pytest.fixture(scope="module")
def orders(regression) -> LearntOrders:
    return LearntOrders(
        learnt_days=90, cuts=3, level=1.44, temper=0.05, blends=HALF, regression=regression,
        forest=FOREST, scale=UNSCALED,
    )  # fmt: skip


@pytest.fixture(scope="module")
def chance(regression) -> LearntChance:
    return LearntChance(
        days=180, learnt_days=90, cuts=3, blends=HALF, regression=regression, forest=FOREST
    )


def one_by_one(at: BuyerSnapshot, apply) -> np.ndarray:
    rows = range(0, len(at.known), 10)
    return np.array(
        [apply(dataclasses.replace(at, known=at.known.take(np.array([row]))))[0] for row in rows]
    )


@pytest.mark.parametrize("days", [90, 365])
def test_the_total_is_the_models_times_the_root_of_the_level(at, orders, days):
    made = expected_orders(scaled(orders, at, days=days), at)
    assert made.sum() == pytest.approx(at.by_model(days).sum() * 1.2)
    plain = dataclasses.replace(orders, regression=None, forest=None, blends={}, temper=0.0)
    assert expected_orders(scaled(plain, at, days=days), at) == pytest.approx(
        1.2 * at.by_model(days)
    )


def test_a_forecast_is_the_same_for_a_customer_alone(at, orders, chance):
    learnt = scaled(orders, at, days=365)
    alone = one_by_one(at, lambda one: expected_orders(learnt, one))
    assert np.array_equal(alone, expected_orders(learnt, at)[::10])
    alone = one_by_one(at, lambda one: chance_of_no_order(chance, one))
    assert np.array_equal(alone, chance_of_no_order(chance, at)[::10])


def test_groups_have_their_blend(at, orders, chance):
    nothing = dataclasses.replace(orders, blends={})
    # No scale: the tempered model as it is.
    plain = dataclasses.replace(UNSCALED, days=90, mean_expected=2.0)
    changed = expected_orders(dataclasses.replace(orders, scale=plain), at)
    same = expected_orders(dataclasses.replace(nothing, scale=plain), at)
    assert same == pytest.approx(0.95 * at.expected(90) + 0.05 * 2)
    new = at.known.group == GROUPS.index("new")
    assert new.any()
    assert np.array_equal(changed == same, new)
    changed = chance_of_no_order(chance, at)
    same = chance_of_no_order(dataclasses.replace(chance, blends={}), at)
    assert np.array_equal(same, at.no_order(180))
    assert np.array_equal(changed == same, new)


def test_nobody_is_certainly_gone(at, orders):
    made = expected_orders(scaled(orders, at, days=365), at)
    assert made.min() > 0.01 * at.by_model(365).mean()


def test_chances_are_inside_0_and_1(at, chance):
    for days in (1, 30, 180, 3_650):
        made = chance_of_no_order(dataclasses.replace(chance, days=days), at)
        assert ((made > 0) & (made < 1)).all()


def test_trees_go_on_as_the_model_does_and_no_faster_than_time(at):
    trees = LearntOrders(
        learnt_days=90, cuts=3, level=1.0, temper=0.0, regression=None, forest=FOREST,
        blends=dict.fromkeys(GROUPS, Blend(weight=0.0, share=1.0)), scale=UNSCALED,
    )  # fmt: skip
    within = expected_orders(
        dataclasses.replace(trees, scale=dataclasses.replace(UNSCALED, days=90)), at
    )
    beyond = expected_orders(
        dataclasses.replace(trees, scale=dataclasses.replace(UNSCALED, days=360)), at
    )
    assert beyond / within == pytest.approx(
        np.minimum(at.by_model(360) / at.by_model(90), 360 / 90)
    )
