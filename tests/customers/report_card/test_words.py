"""The report card's terms as people read them."""

from __future__ import annotations

from tessera.customers.report_card import baselines
from tessera.customers.report_card.words import (
    MEANINGS,
    in_short,
    quantities,
    without_season,
)
from tests import forecast_records as records


def test_every_quantity_is_named_with_its_horizon_in_order_of_days():
    mixed = records.verdicts(chances={"180": "none", "30": "full", "90": "ranking"})
    named = quantities(mixed)
    assert [one.title for one in named] == [
        "Orders", "No order in 30 days", "No order in 90 days", "No order in 180 days", "Money",
    ]  # fmt: skip
    assert [one.is_chance for one in named] == [False, True, True, True, False]
    assert named[2].verdict.grade == "ranking"


def test_each_grade_has_one_sentence():
    mixed = records.verdicts(
        orders="ranking", money="ranking", chances={"30": "full", "90": "full", "180": "none"}
    )
    assert in_short(mixed) == (
        "In figures: the chance of no order in 30 and 90 days. By rank only: orders and money. "
        "Not shown: the chance of no order in 180 days."
    )
    assert in_short(records.verdicts()) == (
        "In figures: orders, the chance of no order in 30, 90 and 180 days and money."
    )
    nothing = records.verdicts(orders="none", money="none", chances="none")
    assert in_short(nothing).startswith("Not shown: orders, the chance")


def test_below_two_years_no_season_can_be_learnt():
    short = records.models(records.verdicts())
    assert "the history has 374 days" in without_season(short)
    assert "a first Christmas" in without_season(short)


def test_two_years_or_a_season_or_no_test_need_no_excuse():
    long = records.card(records.verdicts(), calibration_days=500.0, holdout_days=230.0)
    assert without_season(records.models(records.verdicts(), card=long)) is None
    seasonal = records.learnt(season=records.season())
    assert without_season(records.models(records.verdicts(), learnt=seasonal)) is None
    assert without_season(records.models(None)) is None


def test_the_nearest_rule_is_the_one_that_is_beaten_least_surely():
    assert records.verdict("full").nearest == "silence"
    assert records.verdict("none", savings={}).nearest is None


def test_every_rule_has_words(small_holdout):
    backtest = small_holdout.backtest
    rules = {
        *baselines.baselines(backtest),
        *baselines.chances(backtest, days=30, silent=backtest.orders * 0),
        *baselines.money(backtest, mean_spend=backtest.orders * 0 + 1),
    }
    assert rules == set(MEANINGS)
