"""Lifetime value: lifetimes' total on CDNOW, discounting, and what always holds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.customers.purchase.beta_geometric import BgNbd
from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.spend.clv import ClvTerms, discounted_orders, lifetime_value
from tessera.customers.spend.fitting import fit_spend
from tessera.customers.spend.gamma_gamma import SpendModel
from tessera.customers.spend.history import SpendHistory
from tessera.errors import InvalidInput

CDNOW = BgNbd(r=0.242595, alpha=4.413603 * 7, a=0.792922, b=2.425906)
HISTORY = PurchaseHistory(
    repeats=np.array([0.0, 1, 26, 1]),
    last_day=np.array([0.0, 12, 216, 12]),
    age_days=np.array([270.0, 200, 217, 200]),
)
MEAN_SPEND = np.array([35.0, 20.0, 80.0, 20.0])

MONTH_DAYS = 4.345 * 7  # what lifetimes takes a month to be when its unit is weeks
MONTHLY = ClvTerms(
    horizon_days=12 * MONTH_DAYS,
    annual_discount_rate=1.01 ** (365 / MONTH_DAYS) - 1,
    step_days=MONTH_DAYS,
)


def value(terms: ClvTerms, *, mean_spend=MEAN_SPEND) -> np.ndarray:
    return lifetime_value(
        CDNOW, HISTORY, mean_spend=mean_spend, net_spend=np.zeros(4), terms=terms
    ).future


def test_cdnows_total_is_lifetimes(peers):
    columns = peers("cdnow_sample")
    history = PurchaseHistory(
        repeats=columns["frequency_cal"],
        last_day=np.round(columns["recency_cal"] * 7),
        age_days=np.round(columns["T_cal"] * 7),
    )
    spend = SpendHistory.of(history.repeats, mean_spend=columns["monetary_value_cal"])
    model = SpendModel(p=6.249572, q=3.744225, v=15.443521, population_mean=35.170370)
    value = lifetime_value(
        CDNOW,
        history,
        mean_spend=model.expected_mean_spend(spend),
        net_spend=np.zeros(len(history)),
        terms=MONTHLY,
    )
    assert value.future.sum() == pytest.approx(71_507.95, abs=0.05)
    assert value.future == pytest.approx(
        columns["clv_12_months_monthly_discount_0.01"], rel=1e-4, abs=1e-8
    )
    refitted = fit_spend(spend).model.expected_mean_spend(spend)
    assert refitted @ discounted_orders(CDNOW, history, terms=MONTHLY) == pytest.approx(
        71_507.95, rel=1e-3
    )


def test_ever_shorter_steps_end_in_discounting_from_the_moment():
    daily = ClvTerms(annual_discount_rate=0.5, step_days=1.0)
    by_day = discounted_orders(CDNOW, HISTORY, terms=daily)
    moment = discounted_orders(CDNOW, HISTORY, terms=ClvTerms(annual_discount_rate=0.5))
    half_a_day = 1.5 ** (0.5 / 365)
    assert moment == pytest.approx(by_day * half_a_day, rel=1e-5)


def test_without_a_discount_all_expected_orders_count():
    terms = ClvTerms(horizon_days=200, annual_discount_rate=0)
    assert discounted_orders(CDNOW, HISTORY, terms=terms) == pytest.approx(
        CDNOW.expected_orders(HISTORY, days=200)
    )


@settings(deadline=None, max_examples=40)
@given(st.floats(1, 3_000), st.floats(1.001, 3), st.floats(0, 2))
def test_a_longer_horizon_is_worth_more(days, longer, rate):
    short = value(ClvTerms(horizon_days=days, annual_discount_rate=rate))
    long = value(ClvTerms(horizon_days=days * longer, annual_discount_rate=rate))
    assert (short > 0).all()
    assert (short < long).all()


@settings(deadline=None, max_examples=40)
@given(st.floats(0, 2), st.floats(0.01, 2))
def test_a_higher_discount_is_worth_less(rate, more):
    cheap = value(ClvTerms(annual_discount_rate=rate))
    assert (value(ClvTerms(annual_discount_rate=rate + more)) < cheap).all()


@settings(deadline=None, max_examples=40)
@given(st.floats(0.001, 1e4), st.floats(0.01, 1))
def test_money_and_margin_scale_the_value(rate, margin):
    whole = value(ClvTerms())
    assert value(ClvTerms(), mean_spend=rate * MEAN_SPEND) == pytest.approx(rate * whole)
    assert value(ClvTerms(margin=margin)) == pytest.approx(margin * whole)


def test_what_was_earned_and_what_is_to_come_make_the_total():
    value = lifetime_value(
        CDNOW,
        HISTORY,
        mean_spend=MEAN_SPEND,
        net_spend=np.array([50.0, -10.0, 900.0, 0.0]),
        terms=ClvTerms(margin=0.4),
    )
    assert value.historic == pytest.approx([20.0, -4.0, 360.0, 0.0])
    assert value.total == pytest.approx(value.historic + value.future)
    assert value.future[1] == value.future[3]


@pytest.mark.parametrize(
    ("terms", "label"),
    [
        (ClvTerms(), "revenue of the next 365 days, discounted by 10 % a year"),
        (
            ClvTerms(horizon_days=90, annual_discount_rate=0, margin=0.35),
            "profit (35 % margin) of the next 90 days, not discounted",
        ),
    ],
)
def test_terms_say_what_a_value_is(terms, label):
    assert terms.label == label


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("horizon_days", 0),
        ("horizon_days", float("inf")),
        ("annual_discount_rate", -0.1),
        ("margin", 0),
        ("margin", 1.2),
        ("step_days", 0.5),
        ("step_days", 400),
    ],
)
def test_impossible_terms_are_refused_by_name(field, wrong):
    with pytest.raises(InvalidInput, match=field):
        ClvTerms(**{field: wrong})
