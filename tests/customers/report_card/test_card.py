"""The report card on a drawn shop, and on hardly anything."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.customers.forecasting.history.known import known
from tessera.customers.forecasting.lesson import Lesson, spend_model
from tessera.customers.purchase.beta_geometric import BgNbd
from tessera.customers.report_card.backtest import Backtest
from tessera.customers.report_card.card import report_card
from tessera.customers.report_card.holdout import Cut, Holdout
from tessera.records.codec import decode, encode
from tessera.records.scoring.report_card import ReportCard
from tests.behaviour import MODEL, TODAY, behaviour, snapshot
from tests.learnt import grades, untaught

pytestmark = pytest.mark.slow  # models are fitted to many earlier days

HORIZONS = (30, 90, 180)


@pytest.fixture(scope="module")
def small(small_holdout) -> ReportCard:
    return report_card(small_holdout, horizons=HORIZONS)


# ---- a shop whose truth is known ---------------------------------------------------------------


def test_the_truth_is_published(small):
    assert set(grades(small).values()) == {"full"}
    assert small.p_alive_means_something
    assert small.ranges.held


def test_chance_alone_is_not_published(small_holdout):
    mixed = np.random.default_rng(2).permutation(len(small_holdout.backtest.orders))
    backtest = dataclasses.replace(
        small_holdout.backtest,
        orders=small_holdout.backtest.orders[mixed],
        spend=small_holdout.backtest.spend[mixed],
    )
    silent = {days: values[mixed] for days, values in small_holdout.silent.items()}
    noise = dataclasses.replace(small_holdout, backtest=backtest, silent=silent)
    card = report_card(noise, horizons=HORIZONS)
    assert set(grades(card).values()) == {"none"}
    assert not card.verdicts.any_use
    assert abs(card.verdicts.orders.off_by) < 0.25  # the level is right, and it is not enough


def test_the_truth_is_published_where_few_come_back_though_zeros_have_lower_errors(small_holdout):
    """Absolute errors favour a forecast of nothing. They are shown, and decide nothing."""
    rare = np.random.default_rng(4).random(len(small_holdout.backtest.orders)) < 0.2
    orders = np.where(rare, small_holdout.backtest.orders, 0)
    lesson = small_holdout.lesson
    scale = lesson.learnt.orders.scale
    fewer = dataclasses.replace(
        scale, of_factor=0.2 * scale.of_factor, of_trees=0.2 * scale.of_trees
    )
    learnt = dataclasses.replace(
        lesson.learnt, orders=dataclasses.replace(lesson.learnt.orders, scale=fewer)
    )
    holdout = dataclasses.replace(
        small_holdout,
        backtest=dataclasses.replace(small_holdout.backtest, orders=orders),
        lesson=dataclasses.replace(lesson, learnt=learnt),
    )
    card = report_card(holdout, horizons=HORIZONS)
    assert card.forecast.mae > orders.mean()  # that of a forecast of nothing
    assert card.verdicts.orders.grade == "full"


# ---- little data, none, and what always holds --------------------------------------------------


def test_below_the_minimum_results_stand_and_are_withheld(small_holdout):
    short = dataclasses.replace(
        small_holdout, backtest=dataclasses.replace(small_holdout.backtest, holdout_days=14)
    )
    card = report_card(short, horizons=HORIZONS)
    assert set(grades(card).values()) == {"none"}
    assert card.model
    assert card.forecast.mae > 0
    for verdict in card.verdicts.everyone:
        assert verdict.reasons == (
            "days held out: 14, and a model that can be trusted needs at least 28",
        )


def test_without_customers_nothing_is_published_and_the_reason_given():
    holdout = Cut.of(behaviour([], []), day=TODAY, holdout_days=28, horizons=HORIZONS).holdout()
    card = report_card(holdout, horizons=HORIZONS)
    assert set(grades(card).values()) == {"none"}
    assert card.model is None
    assert len(card.verdicts.orders.reasons) == 3
    assert json.dumps(encode(card), allow_nan=False)


def test_without_a_model_the_baselines_and_the_gap_rule_still_stand(small_holdout):
    card = report_card(dataclasses.replace(small_holdout, fits=(), lesson=None), horizons=HORIZONS)
    assert card.verdicts.orders.reasons == (
        "no model could be fitted to what was known at the cut-off",
    )
    assert card.baselines["same_rate"].deviance > 0
    assert card.gap_states


def test_without_a_price_money_is_not_tested(small_holdout):
    free = dataclasses.replace(
        small_holdout, lesson=dataclasses.replace(small_holdout.lesson, spend=None)
    )
    card = report_card(free, horizons=HORIZONS)
    assert card.value is None
    assert card.verdicts.money.grade == "none"
    assert card.verdicts.orders.grade == "full"


def test_a_card_survives_json(small):
    document = json.loads(json.dumps(encode(small), allow_nan=False))
    assert decode(ReportCard, document, document="card") == small


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 5),  # customer
            st.integers(1, 400),  # days ago
            st.booleans(),  # bought
            st.sampled_from([-900.0, 0.0, 0.01, 25.0, 1e9]),  # net
        ),
        max_size=30,
        unique_by=lambda row: row[:2],
    )
)
def test_whatever_happened_a_card_holds_only_numbers(rows):
    customer, ago, bought, net = zip(*rows, strict=True) if rows else ((),) * 4
    days = behaviour(customer, ago, bought=bought, net=net, customers=6)
    then, _ = known(days, cut_days_ago=90)
    # No model is fitted here: one repeat buyer would be enough to try.
    repeats = (then.history.repeats > 0).any()
    cut = Cut.of(days, day=TODAY, holdout_days=90, horizons=())
    holdout = with_lesson(days) if repeats else cut.holdout()
    card = report_card(holdout, horizons=HORIZONS)
    assert json.dumps(encode(card), allow_nan=False)
    assert not card.verdicts.any_use  # of so few customers


def with_lesson(days) -> Holdout:
    """The same holdout with models that were fitted elsewhere."""
    at = snapshot(days.until(90), model=BgNbd(**MODEL.parameters()))
    then, numbers = known(days, cut_days_ago=90)
    after = days.days_ago <= 90
    orders, net = (
        np.bincount(
            days.customer[after], weights=values[after].astype(float), minlength=days.customers
        )[numbers]
        for values in (days.bought, days.net)
    )
    backtest = Backtest(
        history=then.history, past_spend=then.net, orders=orders, spend=net, holdout_days=90
    )
    lesson = Lesson(at=at, spend=spend_model(then), learnt=untaught(at))
    silent = {days: (orders == 0).astype(float) for days in (30, 90)}
    return Holdout(backtest=backtest, fits=(), lesson=lesson, silent=silent)
