"""Learning from earlier days: a pattern is learnt where there is one, and nothing where not."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tessera.customers.forecasting.correction.applying import chance_of_no_order, expected_orders
from tessera.customers.forecasting.correction.learning import learn_chance, learn_orders
from tessera.customers.forecasting.correction.losses import brier, poisson_deviance
from tessera.customers.forecasting.correction.proof import uses
from tessera.customers.forecasting.history.behaviour import BehaviourDays, outcome
from tessera.customers.forecasting.history.known import known
from tessera.customers.forecasting.history.past import Past
from tests.behaviour import SMALL, behaviour, of_shop, past_of

pytestmark = pytest.mark.slow  # a model is learnt in most tests
LOYAL = dataclasses.replace(
    SMALL, kind="mbg_nbd", parameters={"r": 1.2, "alpha": 10.0, "a": 0.5, "b": 3.0}
)


def regular_shop(*, customers: int, days: int) -> BehaviourDays:
    """Customers who buy every 30 days or so, until they leave: no random moments at all."""
    random = np.random.default_rng(5)
    who, ago = [], []
    for customer in range(customers):
        day = float(random.integers(0, days - 30))
        left = day + random.exponential(150)
        while day < min(left, days):
            who.append(customer)
            ago.append(days - int(day))
            day += random.normal(30, 3)
    return behaviour(who, ago, customers=customers)


@pytest.fixture(scope="module")
def regular() -> tuple[BehaviourDays, Past]:
    days = regular_shop(customers=700, days=420)
    return days, past_of(days.until(60))


def test_a_rhythm_that_the_model_does_not_know_is_learnt(regular):
    days, past = regular
    learnt, tested = learn_orders(past, asked_days=60)
    assert uses(learnt.blends, "weight") or uses(learnt.blends, "share")
    assert learnt.cuts >= 3
    _, customers = known(days, cut_days_ago=60)
    came = outcome(days, customers, cut_days_ago=60, window_days=60).orders
    ours = poisson_deviance(expected_orders(learnt, past.now), came).mean()
    assert ours < 0.9 * poisson_deviance(past.now.expected(60), came).mean()
    assert len(tested.orders) == len(tested.window.came.orders)


def test_chances_learn_it_too(regular):
    days, past = regular
    learnt = learn_chance(past, days=30)
    _, customers = known(days, cut_days_ago=60)
    came = outcome(days, customers, cut_days_ago=60, window_days=30).orders
    ours = brier(chance_of_no_order(learnt, past.now), came).mean()
    assert ours < 0.9 * brier(past.now.no_order(30), came).mean()


@pytest.mark.parametrize("seed", [1, 2])
def test_purchases_by_the_models_own_rules_teach_nothing(seed):
    days = of_shop(dataclasses.replace(LOYAL, seed=seed)).until(180)
    past = past_of(days, kind="mbg_nbd")
    learnt, _ = learn_orders(past, asked_days=90)
    assert not uses(learnt.blends, "weight")
    assert not uses(learnt.blends, "share")
    assert learnt.regression is None
    assert learnt.forest is None
    total = past.now.expected(90).sum() * learnt.level**0.5
    assert expected_orders(learnt, past.now).sum() == pytest.approx(total)


def test_a_history_too_short_for_a_test_leaves_the_model_as_it_is():
    past = past_of(regular_shop(customers=60, days=65))
    learnt, tested = learn_orders(past, asked_days=365)
    assert tested is None
    assert (learnt.cuts, learnt.level, learnt.blends) == (0, 1.0, {})
    assert expected_orders(learnt, past.now) == pytest.approx(past.now.by_model(365))
    chance = learn_chance(past, days=90)
    assert np.array_equal(chance_of_no_order(chance, past.now), past.now.no_order(90))


def test_a_shop_where_nobody_comes_back_is_no_error():
    customers = np.arange(80)
    days = behaviour(customers, 10 + 4 * customers)
    past = past_of(days)
    learnt, _ = learn_orders(past, asked_days=90)
    assert learnt.regression is None
    assert np.isfinite(expected_orders(learnt, past.now)).all()
    assert np.isfinite(chance_of_no_order(learn_chance(past, days=30), past.now)).all()


def test_a_shop_where_everybody_comes_back_at_once_is_no_error():
    who = np.repeat(np.arange(20), 200)
    days = behaviour(who, np.tile(np.arange(1, 201), 20))
    past = past_of(days)
    learnt, _ = learn_orders(past, asked_days=30)
    assert np.isfinite(expected_orders(learnt, past.now)).all()
    assert expected_orders(learnt, past.now) == pytest.approx(np.full(20, 30), rel=0.15)
    assert (chance_of_no_order(learn_chance(past, days=30), past.now) < 0.1).all()
