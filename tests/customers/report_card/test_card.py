"""The report card on real shops, and on shops whose truth is known."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.customers.purchase.beta_geometric import BgNbd, MbgNbd
from tessera.customers.purchase.fitting import fit
from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.report_card.backtest import Backtest
from tessera.customers.report_card.baselines import SAME_RATE, SEGMENT_AVERAGE
from tessera.customers.report_card.card import report_card
from tessera.customers.spend.fitting import fit_spend
from tessera.customers.spend.gamma_gamma import SpendModel
from tessera.customers.spend.history import SpendHistory
from tessera.errors import InvalidInput
from tessera.records.codec import encode
from tessera.records.scoring.report_card import ReportCard

KINDS = ("bg_nbd", "mbg_nbd", "pareto_nbd")


def card_of(backtest: Backtest) -> ReportCard:
    """The card of all models, fitted on what was known at the cut-off."""
    history = SpendHistory.of(
        backtest.history.repeats, mean_spend=backtest.mean_spend, weights=backtest.weights
    )
    return report_card(
        [fit(backtest.history, kind=kind).model for kind in KINDS],
        backtest=backtest,
        spend=fit_spend(history).model,
    )


@pytest.fixture(scope="module")
def cdnow_card(cdnow) -> ReportCard:
    return card_of(cdnow)


@pytest.fixture(scope="module")
def online_retail_card(online_retail) -> ReportCard:
    return card_of(online_retail)


def nobody() -> Backtest:
    none = np.zeros(0)
    return Backtest(
        history=PurchaseHistory(repeats=none, last_day=none, age_days=none),
        mean_spend=none,
        past_spend=none,
        orders=none,
        spend=none,
        holdout_days=28,
    )


# ---- CDNOW: every number a peer's --------------------------------------------------------------


def test_cdnow_is_published_at_the_lowest_error(cdnow_card):
    assert cdnow_card.customers == 2357
    assert cdnow_card.repeat_buyers == 946
    assert cdnow_card.decision.publish
    assert cdnow_card.decision.model == "pareto_nbd"
    assert cdnow_card.decision.p_alive_means_something
    assert cdnow_card.decision.notes == ()
    (reason,) = cdnow_card.decision.reasons
    assert reason.startswith(
        "over 273 days that it had not seen, Pareto/NBD is off by 0.755 purchase days a customer, "
        "against 1.024 when everybody keeps buying at the same rate and 1.020 when"
    )


@pytest.mark.parametrize(
    ("name", "total", "mae", "rmse"),
    [
        ("bg_nbd", 1653.41, 0.78545, 1.60798),
        ("mbg_nbd", 1576.73, 0.76478, 1.60718),
        ("pareto_nbd", 1665.53, 0.75453, 1.60285),
    ],
)
def test_cdnows_errors_are_the_peers(cdnow_card, name, total, mae, rmse):
    (accuracy,) = (model.accuracy for model in cdnow_card.models if model.name == name)
    assert accuracy.actual == 1882
    assert accuracy.predicted == pytest.approx(total, rel=2e-4)
    assert accuracy.mae == pytest.approx(mae, abs=2e-4)
    assert accuracy.rmse == pytest.approx(rmse, abs=2e-4)
    assert accuracy.total_error == pytest.approx(total / 1882 - 1, abs=1e-3)


def test_cdnows_same_rate_is_lifetimes(cdnow_card):
    same_rate = cdnow_card.baselines[SAME_RATE]
    assert same_rate.predicted == pytest.approx(2930.1011)
    assert same_rate.mae == pytest.approx(1.023669, abs=1e-6)
    assert same_rate.rmse == pytest.approx(2.211918, abs=1e-6)


def test_cdnows_best_model_is_calibrated_and_ranks_customers(cdnow_card):
    assert sum(group.customers for group in cdnow_card.calibration) == 2357
    predicted = [group.predicted for group in cdnow_card.calibration]
    assert predicted == sorted(predicted)
    top = cdnow_card.calibration[-1]
    assert top.predicted == pytest.approx(top.actual, rel=0.1)
    assert cdnow_card.discrimination.auc > 0.75
    assert cdnow_card.discrimination.expected_share == pytest.approx(
        cdnow_card.discrimination.actual_share, abs=0.08
    )
    assert cdnow_card.value.by_prediction > cdnow_card.value.by_past_spend > 0.4


def test_the_gap_rule_is_tested_too(cdnow_card):
    outcomes = {outcome.state: outcome for outcome in cdnow_card.gap_states}
    assert sum(outcome.customers for outcome in outcomes.values()) == 2357
    assert outcomes["active"].ordered > outcomes["at_risk"].ordered > outcomes["lapsed"].ordered


# ---- Online Retail: no dropout to be found -----------------------------------------------------


def test_online_retail_is_withheld_and_says_why(online_retail_card):
    decision = online_retail_card.decision
    assert not decision.publish
    assert online_retail_card.baselines[SAME_RATE].mae == pytest.approx(0.926, abs=1e-3)
    (reason,) = decision.reasons
    assert "is off by 0.939 purchase days" in reason or "is off by 0.940 purchase days" in reason
    assert "no better than to assume that everybody keeps buying at the same rate (0.926)" in reason
    assert "by squared errors" in decision.notes[0]
    assert "1.673" in decision.notes[0]


def test_online_retails_p_alive_is_not_sold_as_churn(online_retail_card):
    assert not online_retail_card.decision.p_alive_means_something
    assert "is no churn score" in online_retail_card.decision.notes[-1]


# ---- shops whose truth is known ----------------------------------------------------------------


def drawn(truth: MbgNbd, *, customers: int, age_days: int, holdout_days: int) -> Backtest:
    """A shop that buys as the model says, with first purchases spread evenly."""
    rng = np.random.default_rng(3)
    age = rng.integers(1, age_days, customers).astype(float)
    rate = rng.gamma(truth.r, 1 / truth.alpha, customers)
    stays = rng.geometric(rng.beta(truth.a, truth.b, customers)) - 1
    repeats, last_day, orders = np.zeros((3, customers))
    day = np.zeros(customers)
    for place in range(int(stays.max())):
        gap = np.ceil(rng.exponential(1 / rate))
        day = np.where(stays > place, day + gap, np.inf)
        known, later = day <= age, (day > age) & (day <= age + holdout_days)
        repeats += known
        orders += later
        last_day = np.where(known, day, last_day)
        if not (day <= age + holdout_days).any():
            break
    nothing = np.zeros(customers)
    return Backtest(
        history=PurchaseHistory(repeats=repeats, last_day=last_day, age_days=age),
        mean_spend=nothing,
        past_spend=nothing,
        orders=orders,
        spend=nothing,
        holdout_days=holdout_days,
    )


def test_the_truth_is_published_where_few_come_back_though_naive_zeros_have_lower_errors():
    truth = MbgNbd(r=0.3, alpha=1_000, a=0.5, b=1)
    backtest = drawn(truth, customers=20_000, age_days=365, holdout_days=182)
    card = report_card([truth], backtest=backtest, spend=None)
    ours = card.models[0].accuracy
    assert ours.mae > card.baselines[SAME_RATE].mae > card.baselines[SEGMENT_AVERAGE].mae
    assert card.decision.publish
    assert card.decision.notes[0].startswith("absolute errors favour a forecast of nothing")


def test_a_model_that_expects_far_too_much_is_withheld():
    truth = MbgNbd(r=0.5, alpha=100, a=0.9, b=1.6)
    backtest = drawn(truth, customers=5_000, age_days=730, holdout_days=182)
    assert report_card([truth], backtest=backtest, spend=None).decision.publish
    wild = dataclasses.replace(truth, r=5, b=50)
    card = report_card([wild], backtest=backtest, spend=None)
    assert not card.decision.publish
    assert any("of all customers together" in reason for reason in card.decision.reasons)


# ---- little data, none, and what always holds --------------------------------------------------


def test_below_the_minimum_results_stand_and_are_withheld(cdnow):
    few = np.arange(40)
    small = Backtest(
        history=cdnow.history.take(few),
        **{name: getattr(cdnow, name)[few] for name in ("mean_spend", "past_spend", "spend")},
        orders=cdnow.orders[few],
        holdout_days=14,
    )
    card = card_of(small)
    assert not card.decision.publish
    assert card.decision.model
    assert card.models[0].accuracy.mae > 0
    reasons = " ".join(card.decision.reasons)
    assert "days held out: 14, and a model that can be trusted needs at least 28" in reasons
    assert "repeat buyers before the cut-off" in reasons


@pytest.mark.parametrize("models", [[], [MbgNbd(r=1, alpha=1, a=1, b=1)]])
def test_without_customers_nothing_is_published_and_the_reason_given(models):
    card = report_card(models, backtest=nobody(), spend=None)
    assert not card.decision.publish
    assert card.decision.model is None
    assert len(card.decision.reasons) == 3
    assert json.dumps(encode(card), allow_nan=False)


def test_without_a_model_the_baselines_and_the_gap_rule_still_stand(cdnow):
    card = report_card([], backtest=cdnow, spend=None)
    assert card.decision.reasons == ("no model could be fitted to what was known at the cut-off",)
    assert card.baselines[SAME_RATE].mae == pytest.approx(1.023669, abs=1e-6)
    assert card.gap_states


def test_a_card_is_json(cdnow_card, online_retail_card):
    for card in (cdnow_card, online_retail_card):
        document = json.loads(json.dumps(encode(card), allow_nan=False))
        assert document["decision"]["model"] == card.decision.model
        assert document["baselines"][SAME_RATE]["mae"] == card.baselines[SAME_RATE].mae


def test_equal_customers_may_be_one_weighted_row(cdnow):
    truth = MbgNbd(r=0.525, alpha=43.3, a=0.891, b=1.614)
    spend = fit_spend(SpendHistory.of(cdnow.history.repeats, mean_spend=cdnow.mean_spend)).model
    copies = np.random.default_rng(2).integers(1, 4, len(cdnow.orders))
    names = ("mean_spend", "past_spend", "orders", "spend")
    weighted = dataclasses.replace(
        cdnow, history=dataclasses.replace(cdnow.history, weights=copies.astype(float))
    )
    apart = dataclasses.replace(
        cdnow,
        history=cdnow.history.take(np.repeat(np.arange(len(copies)), copies)),
        **{name: np.repeat(getattr(cdnow, name), copies) for name in names},
    )
    one, other = (
        report_card([truth], backtest=backtest, spend=spend) for backtest in (weighted, apart)
    )
    assert one.decision == other.decision
    assert one.gap_states == other.gap_states
    assert one.discrimination.auc == pytest.approx(other.discrimination.auc)
    assert one.value.by_prediction == pytest.approx(other.value.by_prediction)
    assert one.value.by_past_spend == pytest.approx(other.value.by_past_spend)
    assert one.models[0].accuracy.mae == pytest.approx(other.models[0].accuracy.mae)
    assert [group.customers for group in one.calibration] == [
        group.customers for group in other.calibration
    ]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 30),  # repeats
            st.integers(1, 300),  # last day, when there are repeats
            st.integers(0, 300),  # days since
            st.integers(-5_000, 90_000),  # money
            st.integers(0, 9),  # orders in the holdout
            st.integers(0, 3),  # weight
        ),
        max_size=25,
    )
)
def test_whatever_happened_a_card_holds_only_numbers(rows):
    repeats, last, since, money, orders, weights = np.array(rows, float).reshape(-1, 6).T
    last_day = np.where(repeats > 0, last, 0)
    backtest = Backtest(
        history=PurchaseHistory(
            repeats=repeats, last_day=last_day, age_days=last_day + since, weights=weights
        ),
        mean_spend=money,
        past_spend=money * (repeats + 1),
        orders=orders,
        spend=money * orders,
        holdout_days=30,
    )
    spend = SpendModel(p=2.0, q=3.0, v=50.0, population_mean=50.0)
    models = [MbgNbd(r=0.5, alpha=60, a=0.9, b=1.6), BgNbd(r=0.5, alpha=60, a=0.3, b=0.6)]
    card = report_card(models, backtest=backtest, spend=spend)
    assert json.dumps(encode(card), allow_nan=False)
    assert not card.decision.publish  # of so few customers


def test_columns_that_do_not_belong_together_are_refused(cdnow):
    with pytest.raises(InvalidInput, match="orders of the backtest has the shape"):
        dataclasses.replace(cdnow, orders=np.zeros(3))
    with pytest.raises(InvalidInput, match="spend of the backtest has values"):
        dataclasses.replace(cdnow, spend=np.full(len(cdnow.orders), np.nan))
    with pytest.raises(InvalidInput, match="holdout_days is 0"):
        dataclasses.replace(cdnow, holdout_days=0)
