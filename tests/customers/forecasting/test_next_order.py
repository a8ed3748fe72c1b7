"""Next order days: in agreement with the corrected chances of no order."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.customers.forecasting.history.snapshot import BuyerSnapshot
from tessera.customers.forecasting.next_order import CHANCES, next_order_days
from tessera.customers.purchase.prediction import HORIZON_DAYS, next_order
from tessera.records.scoring.learnt_forecasts import Season
from tests.behaviour import MODEL, SMALL, of_shop, snapshot


@pytest.fixture(scope="module")
def at() -> BuyerSnapshot:
    return snapshot(of_shop(SMALL).until(170))


def corrected(at: BuyerSnapshot, *, factors: dict[int, np.ndarray]) -> dict[int, np.ndarray]:
    """The model's chances to a power for each horizon, a longer one never the likelier."""
    made, least = {}, np.ones(len(at.known))
    for days, factor in factors.items():
        least = np.minimum(least, at.no_order(days) ** factor)
        made[days] = least
    return made


def test_without_a_correction_days_are_the_models(at):
    chances = corrected(at, factors=dict.fromkeys((30, 90, 180), 1.0))
    made = next_order_days(MODEL, at, chances)
    theirs = next_order(MODEL, at.known.history)
    for name in CHANCES:
        assert np.abs(made[name] - getattr(theirs, name).days).max() <= 1


@given(st.lists(st.sampled_from([30, 90, 180]), min_size=1, max_size=3, unique=True),
       st.integers(0, 2**32 - 1))  # fmt: skip
def test_days_and_chances_agree_whatever_the_correction(at, horizons, seed):
    random = np.random.default_rng(seed)
    size = len(at.known)
    factors = {days: random.lognormal(0, 1.5, size) for days in sorted(horizons)}
    chances = corrected(at, factors=factors)
    made = next_order_days(MODEL, at, chances)
    for name, chance in CHANCES.items():
        days = made[name]
        assert ((days >= 0) & (days <= HORIZON_DAYS)).all()
        for horizon, silent in chances.items():
            by_then = (days > 0) & (days <= horizon)
            assert np.array_equal(by_then, silent <= 1 - chance)
    for sooner, later in (("early", "median"), ("median", "late")):
        comes = made[later] > 0
        assert (made[sooner][comes] > 0).all()
        assert (made[sooner][comes] <= made[later][comes]).all()


def test_more_hope_means_an_earlier_day(at):
    ordinary = next_order_days(MODEL, at, corrected(at, factors={90: 1.0}))["median"]
    hopeful = next_order_days(MODEL, at, corrected(at, factors={90: 2.0}))["median"]
    both = (ordinary > 0) & (hopeful > 0)
    assert both.any()
    assert (hopeful[both] <= ordinary[both]).all()
    assert (hopeful > 0).sum() > (ordinary > 0).sum()


def test_the_season_is_in_the_chance_and_in_the_day():
    levels = np.full(12, -0.5)
    levels[6:9] = 0.7  # July to September, the days that come next
    season = Season(levels=tuple(levels - np.log(np.exp(levels).mean())), months=36)
    at = snapshot(of_shop(SMALL).until(170), season=season)
    assert at.day == dt.date(2021, 6, 30)
    chances = corrected(at, factors={90: 1.0})
    made = next_order_days(MODEL, at, chances)
    assert np.array_equal((made["median"] > 0) & (made["median"] <= 90), chances[90] <= 0.5)


def test_customers_that_only_the_trees_expect_have_a_day_within_the_horizon(at):
    hopeless = np.argsort(at.no_order(90))[-5:]
    chances = at.no_order(90)
    chances[hopeless] = 0.3
    assert at.no_order(90)[hopeless].min() > 0.97
    made = next_order_days(MODEL, at, {90: chances})
    assert (made["median"][hopeless] > 0).all()
    assert (made["median"][hopeless] <= 90).all()
