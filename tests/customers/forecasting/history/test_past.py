"""Earlier days of a shop: what was known then, who is sampled, and its seasons."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from tessera.customers.forecasting.history.behaviour import BehaviourDays, outcome
from tessera.customers.forecasting.history.known import known
from tessera.customers.forecasting.history.past import Past
from tests.behaviour import TODAY, behaviour, past_of

LEVELS = np.array([0.8, 0.8, 0.9, 0.9, 1.0, 0.9, 0.8, 0.9, 1.0, 1.1, 1.4, 1.5])


def random_shop(
    *, customers: int, days: int, levels: np.ndarray | None = None, seed: int = 1
) -> BehaviourDays:
    """Customers who join at any time and buy at a rate that follows the months, if any."""
    random = np.random.default_rng(seed)
    joined = random.integers(days // 4, days, customers)  # days ago
    joined[: customers // 2] = random.integers(days - 30, days, customers // 2)
    rate = random.gamma(2, 0.01, customers)
    ago = np.arange(days, 0, -1)
    months = np.array([(TODAY - dt.timedelta(days=int(one) - 1)).month - 1 for one in ago])
    level = np.ones(days) if levels is None else levels[months]
    buys = random.random((customers, days)) < rate[:, None] * level
    buys &= ago <= joined[:, None]
    buys[np.arange(customers), days - joined] = True
    who, place = np.nonzero(buys)
    return behaviour(who, ago[place], customers=customers)


@pytest.fixture(scope="module")
def days() -> BehaviourDays:
    return random_shop(customers=120, days=360)


@pytest.fixture(scope="module")
def past(days) -> Past:
    return past_of(days)


def test_a_window_has_the_customers_of_its_day_and_what_they_did_then(days, past):
    window = past.window(120, 90)
    then, numbers = known(days, cut_days_ago=120)
    came = outcome(days, numbers, cut_days_ago=120, window_days=90)
    assert len(window.at.known) == len(then) < 120
    assert np.array_equal(window.at.known.net, then.net)
    assert window.at.day == TODAY - dt.timedelta(days=120)
    assert np.array_equal(window.came.orders, came.orders)
    assert window.days == 90


def test_windows_end_by_the_day_asked_for(past):
    late, early = past.windows(90), past.windows(60, until_days_ago=90)
    assert late[0].at.day == TODAY - dt.timedelta(days=90)
    assert early[0].at.day == TODAY - dt.timedelta(days=150)
    assert all(one.days == 90 for one in late)


def test_an_earlier_day_is_fitted_once(past):
    assert past.window(120, 90).at is past.window(120, 30).at
    assert past.now is past.now


def test_an_earlier_model_knows_nothing_of_what_came(days, past):
    spoilt = behaviour(
        days.customer,
        days.days_ago,
        bought=days.bought & (days.days_ago > 120),
        net=np.where(days.days_ago > 120, days.net, 1e6),
    )
    other = past_of(spoilt)
    assert other.window(120, 90).at.model == past.window(120, 90).at.model


def test_large_shops_are_sampled_and_their_days_count_from_the_sampled_ones_first():
    # The very first buyer has the highest rank of all, and came years before everybody else.
    days = random_shop(customers=200, days=300)
    first = int(np.argmax(days.rank))
    rows = days.customer != first
    days = behaviour(
        [*days.customer[rows], first], [*days.days_ago[rows], 3_000], customers=days.customers
    )
    past = past_of(days, most_rows=6 * 90)
    assert past.span_days <= 300
    assert len(past.now.known) == 90
    assert all(len(window.at.known) for window in past.windows(100))


def test_seasons_that_are_there_are_learnt():
    days = random_shop(customers=900, days=3 * 365, levels=LEVELS)
    season = past_of(days).season
    truth = np.log(LEVELS) - np.log(LEVELS.mean())
    assert np.corrcoef(season.levels, truth)[0, 1] > 0.9
    assert np.abs(season.levels - truth).max() < 0.2
    assert 30 <= season.months <= 36


def test_shops_without_seasons_or_two_years_have_none():
    assert past_of(random_shop(customers=900, days=3 * 365)).season is None
    short = random_shop(customers=100, days=729, levels=LEVELS)
    assert past_of(short).season is None
