"""The naive predictions, by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.report_card import baselines as naive
from tessera.customers.report_card.backtest import Backtest
from tessera.customers.report_card.words import MEANINGS

WAIT = 450 / 50  # days per repeat of all customers together


@pytest.fixture
def backtest() -> Backtest:
    nothing = np.zeros(6)
    return Backtest(
        history=PurchaseHistory(
            repeats=np.array([0.0, 2, 2, 12, 30, 0]),
            last_day=np.array([0.0, 10, 30, 90, 60, 0]),
            age_days=np.array([50.0, 20, 60, 100, 100, 0]),
            weights=np.array([1.0, 1, 3, 1, 1, 1]),
        ),
        past_spend=np.array([10.0, 60, 90, 130, 310, -40]),
        orders=nothing,
        spend=nothing,
        holdout_days=10,
    )


def alike(*, silence: np.ndarray, repeats: np.ndarray) -> Backtest:
    last = np.where(repeats > 0, 5.0, 0.0)
    none = np.zeros(len(silence))
    return Backtest(
        history=PurchaseHistory(repeats=repeats, last_day=last, age_days=last + silence),
        past_spend=none, orders=none, spend=none, holdout_days=30,
    )  # fmt: skip


def test_same_rate_carries_on_as_before_but_for_one_mean_wait(backtest):
    rates = [1 / 59, 3 / 29, 3 / 69, 13 / 109, 31 / 109, 1 / 9]
    assert naive.same_rate(backtest) == pytest.approx(rates)


def test_a_segments_rate_is_all_its_purchases_over_all_its_days(backtest):
    once = (0 + 1) / (50 + 0 + WAIT)
    twice = (2 + 3 * 2 + 1) / (20 + 3 * 60 + WAIT)
    often = (12 + 30 + 1) / (100 + 100 + WAIT)  # ten repeats and more are one segment
    rates = [once, twice, twice, often, often, once]
    assert naive.segment_average(backtest) == pytest.approx(rates)


def test_silence_counts_as_the_tenth_of_customers_who_are_silent_as_long():
    silence = np.repeat(np.arange(10.0, 110, 10), 3)
    backtest = alike(silence=silence, repeats=np.tile([0.0, 1, 5], 10))
    expected = naive.same_rate(backtest).reshape(10, 3).mean(axis=1)
    assert naive.by_silence(backtest) == pytest.approx(np.repeat(expected, 3))


def test_equally_long_silences_count_the_same_whatever_the_order_of_customers():
    random = np.random.default_rng(3)
    silence = random.integers(1, 6, 60).astype(float)
    repeats = random.integers(0, 4, 60).astype(float)
    rates = naive.by_silence(alike(silence=silence, repeats=repeats))
    for one in np.unique(silence):
        assert len(set(rates[silence == one].tolist())) == 1
    mixed = random.permutation(60)
    again = naive.by_silence(alike(silence=silence[mixed], repeats=repeats[mixed]))
    assert again == pytest.approx(rates[mixed])


def test_orders_are_the_rate_times_the_days(backtest):
    made = naive.baselines(backtest)
    assert made["same_rate"] == pytest.approx(10 * naive.same_rate(backtest))
    shorter = naive.baselines(backtest, days=4)
    assert set(made) == set(shorter) == {"same_rate", "segment_average", "silence"}
    for name, orders in shorter.items():
        assert orders == pytest.approx(0.4 * made[name])


def test_chances_are_those_of_purchases_at_random_and_everybodys_the_same(backtest):
    silent = np.array([1.0, 0, 0, 1, 1, 1])
    made = naive.chances(backtest, days=4, silent=silent)
    assert made["same_rate"] == pytest.approx(np.exp(-4 * naive.same_rate(backtest)))
    assert made["same_chance"] == pytest.approx(np.full(6, 4 / 6))
    assert set(made) == {"same_rate", "segment_average", "silence", "same_chance"}


def test_money_goes_on_or_is_orders_at_a_price(backtest):
    even = dataclasses.replace(
        backtest, history=dataclasses.replace(backtest.history, weights=np.ones(6))
    )
    price = np.array([10.0, 20, 30, 10, 10, 50])
    made = naive.money(even, mean_spend=price)
    wait, typical = 330 / 46, 560 / 52
    past = (np.array([10, 60, 90, 130, 310, -40]) + typical) / (even.history.age_days + 2 * wait)
    assert made["past_spend"] == pytest.approx(np.maximum(10 * past, 1e-8))
    assert made["same_rate_money"] == pytest.approx(10 * naive.same_rate(even) * price)
    assert set(made) == {
        "past_spend", "same_rate_money", "segment_average_money", "silence_money"
    }  # fmt: skip


def test_nobody_is_expected_to_buy_nothing_and_every_rule_has_words(backtest):
    price = np.full(6, 5.0)
    rules = {
        **naive.baselines(backtest),
        **naive.chances(backtest, days=9, silent=np.ones(6)),
        **naive.money(backtest, mean_spend=price),
    }
    assert set(rules) <= set(MEANINGS)
    for values in rules.values():
        assert (values > 0).all()


def test_without_customers_there_are_no_predictions():
    nobody = alike(silence=np.zeros(0), repeats=np.zeros(0))
    for values in naive.baselines(nobody).values():
        assert values.shape == (0,)
    for values in naive.chances(nobody, days=9, silent=np.zeros(0)).values():
        assert values.shape == (0,)
