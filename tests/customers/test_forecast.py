"""From a shop's purchase days to published predictions, or to none with a reason."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tessera.customers.drift import distribution, drift
from tessera.customers.forecast import NO_ORDER_DAYS, Buyers, forecast, learn
from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.spend.clv import ClvTerms

MODELLED = (
    "p_alive", *(f"p_no_order_{days}d" for days in NO_ORDER_DAYS), "expected_orders_365d",
    "clv_365d", "clv", "total_value",
)  # fmt: skip


def buyers_of(backtest) -> Buyers:
    """Take the customers as the cut-off knew them for those of a run's day."""
    repeats = backtest.history.repeats
    return Buyers(
        history=backtest.history,
        net_spend=backtest.past_spend,
        repeat_spend=np.where(repeats > 0, np.nan_to_num(backtest.mean_spend) * repeats, 0.0),
    )


@pytest.fixture(scope="module")
def buyers(cdnow) -> Buyers:
    return buyers_of(cdnow)


@pytest.fixture(scope="module")
def record(cdnow, buyers):
    return learn(buyers, backtest=cdnow)


@pytest.fixture(scope="module")
def forecasts(buyers, record):
    return forecast(buyers, record=record, terms=ClvTerms())


def test_the_model_that_wins_the_holdout_speaks_for_everyone(record, forecasts):
    assert record.published == record.card.decision.model == "pareto_nbd"
    assert [fit.name for fit in record.tested] == ["bg_nbd", "mbg_nbd", "pareto_nbd"]
    assert record.model.parameters_per_week["r"] == pytest.approx(0.5533, rel=0.01)
    for name in MODELLED:
        assert np.isfinite(forecasts.columns[name]).all()
    ages = [forecasts.columns[f"p_no_order_{days}d"] for days in NO_ORDER_DAYS]
    assert (ages[0] >= ages[1]).all()
    assert (ages[1] >= ages[2]).all()


def test_the_same_record_later_gives_the_same_predictions(buyers, record, forecasts):
    again = forecast(buyers, record=record, terms=ClvTerms())
    for name in MODELLED:
        assert np.array_equal(again.columns[name], forecasts.columns[name])
    for day, values in forecasts.days_to_next_order.items():
        assert np.array_equal(again.days_to_next_order[day], values)


def test_a_horizon_is_not_a_year(buyers, record, forecasts):
    terms = ClvTerms(horizon_days=730, margin=0.5)
    longer = forecast(buyers, record=record, terms=terms)
    assert (longer.columns["clv"] > longer.columns["clv_365d"]).all()
    assert longer.columns["clv_365d"] == pytest.approx(forecasts.columns["clv_365d"] / 2)
    assert longer.columns["historic_value"] == pytest.approx(buyers.net_spend / 2)


def test_a_loser_is_withheld_and_the_gap_rule_stands_in(online_retail):
    shop = buyers_of(online_retail)
    record = learn(shop, backtest=online_retail)
    assert record.published is None
    assert "same rate" in record.reasons[0]
    forecasts = forecast(shop, record=record, terms=ClvTerms())
    for name in MODELLED:
        assert np.isnan(forecasts.columns[name]).all()
    assert forecasts.days_to_next_order == {}
    assert set(forecasts.gap_states) <= {"active", "at_risk", "lapsed"}
    assert np.array_equal(forecasts.columns["historic_value"], shop.net_spend)


def test_without_a_backtest_nothing_is_published(buyers):
    record = learn(buyers, backtest=None)
    assert record.published is None
    assert record.reasons == ("the history is too short to hold out four weeks after 90 days",)


def test_a_shop_without_buyers_is_no_error():
    none = np.zeros(0)
    history = PurchaseHistory(repeats=none, last_day=none, age_days=none, weights=none)
    nobody = Buyers(history=history, net_spend=none, repeat_spend=none)
    record = learn(nobody, backtest=None)
    assert record.reasons == ("nobody has bought anything yet",)
    assert len(forecast(nobody, record=record, terms=ClvTerms()).gap_states) == 0


def test_equal_customers_have_not_drifted_and_richer_ones_have(buyers):
    known = distribution(buyers.history, net_spend=buyers.net_spend)
    same = drift(buyers.history, net_spend=buyers.net_spend, since=known)
    assert same == {"repeats": 0.0, "silent_days": 0.0, "net_spend": 0.0}
    richer = dataclasses.replace(buyers, net_spend=buyers.net_spend * 3)
    moved = drift(richer.history, net_spend=richer.net_spend, since=known)
    assert moved["net_spend"] > 0.25
    assert moved["repeats"] == 0.0
