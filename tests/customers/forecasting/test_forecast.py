"""Forecasts of customers: what a verdict allows, for each customer alone, block by block."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest

from tessera.customers.forecasting import forecast as module
from tessera.customers.forecasting.history.known import known
from tessera.customers.forecasting.history.snapshot import BuyerSnapshot
from tessera.customers.forecasting.horizons import NO_ORDER_DAYS
from tessera.customers.forecasting.shown import AMOUNTS, TENTHS
from tessera.customers.forecasting.tenths import tenths
from tessera.customers.spend.clv import ClvTerms
from tessera.records.scoring.forecast_models import LearntModels
from tessera.records.scoring.learnt_forecasts import LearntForecasts
from tests import learnt
from tests.behaviour import MODEL, SMALL, TODAY, behaviour, of_shop, snapshot
from tests.whole_forecast import WholeForecast, whole_forecast

AS_OF = TODAY + dt.timedelta(days=1)
EXPECTED = ("expected_orders_365d", "expected_orders_365d_from", "expected_orders_365d_to")
VALUES = ("clv_365d", "clv_365d_from", "clv_365d_to", "clv", "total_value")
CHANCES = tuple(f"p_no_order_{days}d" for days in NO_ORDER_DAYS)
TERMS = ClvTerms()


@pytest.fixture(scope="module")
def at() -> BuyerSnapshot:
    return snapshot(of_shop(SMALL).until(170))


@pytest.fixture(scope="module")
def corrections(at) -> LearntForecasts:
    return learnt.corrections(at)


@pytest.fixture(scope="module")
def record(at, corrections) -> LearntModels:
    return learnt.models(at, learnt.verdicts(), learnt=corrections)


@pytest.fixture(scope="module")
def full(at, record) -> WholeForecast:
    return whole_forecast(at.known, record=record, terms=TERMS, as_of=AS_OF)


def shown(made: WholeForecast) -> set[str]:
    """The columns that have figures. A column has all of them or none."""
    names = {name for name, values in made.columns.items() if np.isfinite(values).any()}
    for name in names:
        assert np.isfinite(made.columns[name]).all(), name
    return names - {"historic_value"}


# ---- what is published -------------------------------------------------------------------------


def test_everything_is_shown_where_everything_is_proven(full):
    assert shown(full) == {*AMOUNTS, *TENTHS}
    assert set(AMOUNTS) == {"p_alive", *CHANCES, *EXPECTED, *VALUES}
    assert set(full.days_to_next_order) == {"early", "median", "late"}
    assert set(full.totals) == {"orders", "money", "clv"}


@pytest.mark.parametrize(
    ("verdicts", "empty"),
    [
        (learnt.verdicts("ranking"), {*EXPECTED}),
        (learnt.verdicts("none"), {*EXPECTED, "orders_tenth"}),
        (learnt.verdicts(money="ranking"), {*VALUES}),
        (learnt.verdicts(money="none"), {*VALUES, "value_tenth"}),
        (learnt.verdicts(no_order={30: "full", 90: "full", 180: "none"}), {CHANCES[2]}),
        (learnt.verdicts(no_order={30: "none", 90: "ranking", 180: "full"}), {*CHANCES[:2]}),
        (learnt.verdicts(no_order="ranking"), {*CHANCES, "p_alive"}),
        (learnt.verdicts(no_order="none"), {*CHANCES, "p_alive", "no_order_tenth"}),
    ],
)
def test_each_verdict_empties_its_columns_and_no_others(at, corrections, full, verdicts, empty):
    record = learnt.models(at, verdicts, learnt=corrections)
    made = whole_forecast(at.known, record=record, terms=TERMS, as_of=AS_OF)
    assert shown(made) == {*AMOUNTS, *TENTHS} - empty
    for name in shown(made) - {"no_order_tenth"}:
        assert np.array_equal(made.columns[name], full.columns[name])
    proven = any(one.grade == "full" for one in verdicts.no_order.values())
    assert bool(made.days_to_next_order) == proven
    assert ("orders" in made.totals) == (verdicts.orders.grade == "full")
    assert ("money" in made.totals) == (verdicts.money.grade == "full")


def test_tenths_are_of_the_figures_that_are_not_shown(at, corrections, full):
    record = learnt.models(
        at,
        learnt.verdicts("ranking", no_order={30: "full", 90: "none", 180: "none"}, money="ranking"),
        learnt=corrections,
    )
    made = whole_forecast(at.known, record=record, terms=TERMS, as_of=AS_OF).columns
    assert np.array_equal(made["orders_tenth"], tenths(full.columns["expected_orders_365d"]))
    assert np.array_equal(made["value_tenth"], tenths(full.columns["clv_365d"]))
    assert np.array_equal(made["no_order_tenth"], tenths(full.columns["p_no_order_30d"]))
    for name in TENTHS:
        counts = np.bincount(made[name].astype(int), minlength=11)[1:]
        assert counts.sum() == len(at.known)
        assert counts.max() < 2 * len(at.known) / 10


def test_p_alive_is_no_churn_score_where_nobody_leaves(at, corrections):
    record = learnt.models(at, learnt.verdicts(), learnt=corrections, p_alive_means_something=False)
    made = whole_forecast(at.known, record=record, terms=TERMS, as_of=AS_OF)
    assert shown(made) == {*AMOUNTS, *TENTHS} - {"p_alive"}


@pytest.mark.parametrize("lacking", ["card", "model", "learnt"])
def test_without_a_test_or_a_model_nothing_is_shown(at, record, lacking):
    made = whole_forecast(
        at.known, record=dataclasses.replace(record, **{lacking: None}), terms=TERMS, as_of=AS_OF
    )
    assert shown(made) == set()
    assert made.totals == {}
    assert set(made.gap_states) <= {"active", "at_risk", "lapsed", "unknown"}
    assert made.columns["historic_value"] == pytest.approx(at.known.net)


def test_without_a_price_there_are_no_values(at, record):
    made = whole_forecast(
        at.known, record=dataclasses.replace(record, spend=None), terms=TERMS, as_of=AS_OF
    )
    assert shown(made) == {*AMOUNTS, *TENTHS} - {*VALUES, "value_tenth"}
    assert set(made.totals) == {"orders"}


def test_without_earlier_cuts_customers_have_no_ranges(at, record, corrections):
    without = dataclasses.replace(
        corrections, ranges=dataclasses.replace(corrections.ranges, orders=None, money=None)
    )
    made = whole_forecast(
        at.known, record=dataclasses.replace(record, learnt=without), terms=TERMS, as_of=AS_OF
    )
    assert {*AMOUNTS} - shown(made) == {*EXPECTED[1:], *VALUES[1:3]}


# ---- what the figures are ----------------------------------------------------------------------


def test_figures_agree_with_one_another(at, full):
    columns = full.columns
    for shorter, longer in (CHANCES[:2], CHANCES[1:]):
        assert (columns[shorter] >= columns[longer]).all()
    for name in (EXPECTED[0], VALUES[0]):
        assert (columns[f"{name}_from"] <= columns[name]).all()
        assert (columns[name] <= columns[f"{name}_to"]).all()
        assert (columns[f"{name}_from"] >= 0).all()
    assert columns["total_value"] == pytest.approx(at.known.net + columns["clv_365d"])
    assert columns["clv"] == pytest.approx(columns["clv_365d"])  # a year was asked for
    median = full.days_to_next_order["median"]
    for days in NO_ORDER_DAYS:
        soon = (median > 0) & (median <= days)
        assert np.array_equal(soon, columns[f"p_no_order_{days}d"] <= 0.5)


def test_totals_are_those_of_the_columns_and_inside_their_ranges(full):
    for name, column in (("orders", EXPECTED[0]), ("money", VALUES[0]), ("clv", "clv")):
        total = full.totals[name]
        assert total.expected == pytest.approx(full.columns[column].sum())
        assert total.low < total.expected < total.high
    orders, money = full.totals["orders"], full.totals["money"]
    assert money.high / money.low > orders.high / orders.low  # a wider spread


def test_a_horizon_is_not_a_year(at, record, full):
    terms = ClvTerms(horizon_days=730, margin=0.5)
    made = whole_forecast(at.known, record=record, terms=terms, as_of=AS_OF)
    assert (made.columns["clv"] > made.columns["clv_365d"]).all()
    for name in (*VALUES[:3], "historic_value"):
        assert made.columns[name] == pytest.approx(full.columns[name] / 2)
    assert made.columns[EXPECTED[0]] == pytest.approx(full.columns[EXPECTED[0]])
    longer, year = made.totals["clv"], made.totals["money"]
    assert longer.high / longer.low > year.high / year.low


def test_values_follow_the_correction_of_orders(at, record, corrections, full):
    plain = learnt.corrections(at, blends=learnt.NOTHING)
    by_model = whole_forecast(
        at.known, record=dataclasses.replace(record, learnt=plain), terms=TERMS, as_of=AS_OF
    )
    factor = full.columns[EXPECTED[0]] / by_model.columns[EXPECTED[0]]
    assert full.columns["clv"] / by_model.columns["clv"] == pytest.approx(factor)
    assert (np.abs(np.log(factor)) > 0.05).any()


def test_a_customer_that_the_model_gave_up_has_the_value_of_its_corrected_orders(record):
    # Forty purchases day after day, and then nothing for years.
    days = behaviour([0] * 40 + [1], [*range(1_500, 1_460, -1), 20])
    people, _ = known(days)
    made = whole_forecast(people, record=record, terms=TERMS, as_of=AS_OF).columns
    gone = MODEL.expected_orders(people.history, days=365)[0]
    assert gone < 1e-12
    price = made["clv_365d"] / made["expected_orders_365d"]
    assert made["expected_orders_365d"][0] > 1e-3
    assert 0.2 < price[0] / price[1] < 5


# ---- each customer alone -----------------------------------------------------------------------


def test_blocks_and_neighbours_change_nothing(at, record, full, monkeypatch):
    monkeypatch.setattr(module, "_BLOCK", 97)
    blocks = whole_forecast(at.known, record=record, terms=TERMS, as_of=AS_OF)
    rows = np.arange(0, len(at.known), 40)
    for name, values in full.columns.items():
        assert np.array_equal(values, blocks.columns[name])
    for name, days in full.days_to_next_order.items():
        assert np.array_equal(days, blocks.days_to_next_order[name])
    assert blocks.totals == full.totals
    for row in rows:
        alone = whole_forecast(
            at.known.take(np.array([row])), record=record, terms=TERMS, as_of=AS_OF
        )
        for name in set(full.columns) - set(TENTHS):
            assert alone.columns[name][0] == full.columns[name][row]
        for name, days in full.days_to_next_order.items():
            assert alone.days_to_next_order[name][0] == days[row]


def test_nobody_has_no_forecasts(record):
    nobody, _ = known(behaviour([], []))
    made = whole_forecast(nobody, record=record, terms=TERMS, as_of=AS_OF)
    assert all(values.shape == (0,) for values in made.columns.values())
    assert made.totals == {}
    assert len(made.gap_states) == 0


def test_refunds_beyond_all_purchases_leave_finite_figures(record):
    days = behaviour([0, 0, 1], [300, 40, 20], net=[10, -400, -5])
    people, _ = known(days)
    made = whole_forecast(people, record=record, terms=TERMS, as_of=AS_OF)
    assert shown(made) == {*AMOUNTS, *TENTHS}
    assert (made.columns["historic_value"] < 0).all()
    assert (made.columns["clv_365d"] > 0).all()
