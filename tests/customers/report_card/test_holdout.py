"""A history cut in two: what was learnt before, and what came after."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest

from tessera.customers.forecasting.correction.losses import poisson_deviance
from tessera.customers.forecasting.correction.proof import uses
from tessera.customers.forecasting.history.behaviour import BehaviourDays, outcome
from tessera.customers.forecasting.history.known import known
from tessera.customers.purchase.pareto import ParetoNbd
from tessera.customers.report_card.card import report_card
from tessera.customers.report_card.holdout import Cut, Holdout, range_test
from tests.behaviour import SMALL, TODAY, behaviour

pytestmark = pytest.mark.slow  # models are fitted to many earlier days

HORIZONS = (30, 90, 180)


def cut(
    days: BehaviourDays, *, holdout_days: int = 180, horizons: Sequence[int] = HORIZONS
) -> Holdout:
    return Cut.of(days, day=TODAY, holdout_days=holdout_days, horizons=horizons).holdout()


def broken(days: BehaviourDays) -> BehaviourDays:
    """The same history with a last half year in which few come back, and strangers come instead.

    What is left of it has absurd amounts, views and e-mails.
    """
    before = days.days_ago > 180
    kept = before | (np.arange(len(days.customer)) % 4 == 0)
    more = 400

    def column(name: str, absurd: float) -> np.ndarray:
        values = getattr(days, name)
        return np.append(np.where(before, values, absurd)[kept], np.full(more, absurd))

    strangers = np.arange(days.customers, days.customers + more)
    return behaviour(
        np.append(days.customer[kept], strangers),
        np.append(days.days_ago[kept], np.full(more, 20)),
        net=column("net", 1e5),
        lines=column("lines", 77),
        views=column("views", 9),
        sessions=column("sessions", 2),
        emails=column("emails", 9),
    )


@pytest.fixture(scope="module")
def spoilt(small_days) -> Holdout:
    return cut(broken(small_days), horizons=(180,))


def test_customers_are_those_known_at_the_cut_with_what_they_did_then(small_days, small_holdout):
    then, numbers = known(small_days, cut_days_ago=180)
    backtest = small_holdout.backtest
    assert np.array_equal(backtest.history.repeats, then.history.repeats)
    assert np.array_equal(backtest.past_spend, then.net)
    assert backtest.calibration_days == 364
    assert backtest.repeat_buyers == (then.history.repeats > 0).sum()
    for days in HORIZONS:
        came = outcome(small_days, numbers, cut_days_ago=180, window_days=days)
        assert np.array_equal(small_holdout.silent[days], came.orders == 0)
    assert np.array_equal(backtest.orders, came.orders)
    assert np.array_equal(backtest.spend, came.net)


def test_horizons_beyond_the_holdout_are_not_tested():
    days = behaviour([0, 0, 1], [200, 100, 150])
    assert set(cut(days, holdout_days=90).silent) == {30, 90}


def test_where_the_truth_is_known_nothing_is_learnt_and_nothing_lost(small_holdout):
    learnt = small_holdout.lesson.learnt
    for one in (learnt.orders, *learnt.chances.values()):
        assert not uses(one.blends, "weight")
        assert not uses(one.blends, "share")
    per_day = {"alpha", "beta"}  # the shop's are per week
    truth = ParetoNbd(
        **{
            name: 7 * value if name in per_day else value
            for name, value in SMALL.parameters.items()
        }
    )
    backtest = small_holdout.backtest
    best = poisson_deviance(truth.expected_orders(backtest.history, days=180), backtest.orders)
    ours = poisson_deviance(small_holdout.lesson.orders(), backtest.orders)
    assert ours.mean() < 1.03 * best.mean()


def test_a_spoilt_future_changes_nothing_that_was_learnt(small_holdout, spoilt):
    one, other = small_holdout.lesson.learnt, spoilt.lesson.learnt
    chance = {"180": one.chances["180"]}  # the others would only take longer
    assert other == dataclasses.replace(one, chances=chance)
    assert spoilt.lesson.spend == small_holdout.lesson.spend
    assert [one.model for one in spoilt.fits] == [one.model for one in small_holdout.fits]
    assert np.array_equal(spoilt.lesson.orders(), small_holdout.lesson.orders())
    assert spoilt.backtest.orders.sum() < 0.4 * small_holdout.backtest.orders.sum()


def test_a_broken_half_year_withholds_the_amounts_and_keeps_the_order(spoilt):
    card = report_card(spoilt, horizons=HORIZONS)
    assert card.verdicts.orders.grade == "ranking"
    assert card.verdicts.orders.off_by > 1
    assert card.verdicts.no_order["180"].grade == "ranking"
    assert "is allowed" in " ".join(card.verdicts.orders.reasons)
    assert card.verdicts.money.grade != "full"
    assert not card.ranges.held


def test_ranges_made_before_the_cut_are_tested_after_it(small_holdout):
    test = range_test(small_holdout, small_holdout.lesson.orders())
    assert test.held
    assert test.actual == small_holdout.backtest.orders.sum()
    assert 0.8 <= test.customers_inside <= 0.98
    assert range_test(dataclasses.replace(small_holdout, lesson=None), np.zeros(0)) is None


def test_without_repeat_buyers_no_model_is_tried():
    for days in (behaviour([0, 1, 2], [300, 250, 200]), behaviour([], []), behaviour([0], [9])):
        holdout = cut(days, holdout_days=90)
        assert holdout.fits == ()
        assert holdout.lesson is None
