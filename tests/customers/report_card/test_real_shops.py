"""The report card on CDNOW and on Online Retail: the figures of docs/model.md."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tessera.customers.forecasting.correction.regression import fit_ordered
from tessera.customers.loyalty.fixed_weights import FIXED
from tessera.customers.loyalty.learning import learn_loyalty
from tessera.customers.loyalty.scoring import DIRECTIONS, features_of
from tessera.customers.loyalty.trial import EarlierCut
from tessera.customers.purchase.fitting import fit
from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.report_card.backtest import Backtest
from tessera.customers.report_card.card import report_card
from tessera.customers.report_card.holdout import Holdout
from tessera.records.codec import decode, encode
from tessera.records.scoring.report_card import ReportCard
from tests import reference
from tests.behaviour import of_events
from tests.learnt import grades

pytestmark = pytest.mark.slow  # models are fitted to many earlier days


@pytest.fixture(scope="module")
def cdnow(cdnow_record) -> ReportCard:
    return cdnow_record.card


@pytest.fixture(scope="module")
def online_retail(online_retail_record) -> ReportCard:
    return online_retail_record.card


# ---- CDNOW: everything is published ------------------------------------------------------------


def test_cdnow_is_published_in_full(cdnow):
    assert set(grades(cdnow).values()) == {"full"}
    assert cdnow.customers == 2357
    assert cdnow.repeat_buyers == 946
    assert cdnow.calibration_days == cdnow.holdout_days == 273
    assert cdnow.p_alive_means_something
    assert cdnow.notes == ()
    [reason] = cdnow.verdicts.orders.reasons
    assert reason.startswith(
        "over 273 days that it had not seen, the forecast of orders is surely better than to "
        "assume that everybody keeps buying at the same rate: it saves 17."
    )


@pytest.mark.parametrize(
    ("name", "total", "mae", "rmse"),
    [
        ("bg_nbd", 1653.41, 0.78545, 1.60798),
        ("mbg_nbd", 1576.73, 0.76478, 1.60718),
        ("pareto_nbd", 1665.53, 0.75453, 1.60285),
    ],
)
def test_the_errors_of_purchase_models_are_the_peers_on_their_history(name, total, mae, rmse):
    repeats, last, age, orders, spend = reference.columns(
        "oracles/clv/cdnow_sample_split19970930_clvtools_pnbd_predictions",
        "x", "t.x", "T.cal", "actual.x", "actual.period.spending",
    ).values()  # fmt: skip
    history = PurchaseHistory(
        repeats=repeats, last_day=np.round(7 * last), age_days=np.round(7 * age)
    )
    backtest = Backtest(
        history=history, past_spend=spend, orders=orders, spend=spend, holdout_days=273
    )
    fits = (fit(history, kind=name),)
    holdout = Holdout(backtest=backtest, fits=fits, lesson=None, silent={})
    [model] = report_card(holdout, horizons=()).models
    assert model.accuracy.actual == 1882
    assert model.accuracy.predicted == pytest.approx(total, rel=2e-4)
    assert model.accuracy.mae == pytest.approx(mae, abs=2e-4)
    assert model.accuracy.rmse == pytest.approx(rmse, abs=2e-4)
    assert model.accuracy.total_error == pytest.approx(total / 1882 - 1, abs=1e-3)


def test_cdnows_purchase_models_have_the_errors_of_docs_model(cdnow):
    """As the pipeline counts: a customer's age ends with the last day that is known."""
    errors = {model.name: model.accuracy for model in cdnow.models}
    assert errors["pareto_nbd"].total_error == pytest.approx(-0.135, abs=1e-3)
    assert errors["pareto_nbd"].mae == pytest.approx(0.750, abs=1e-3)
    assert errors["pareto_nbd"].rmse == pytest.approx(1.603, abs=1e-3)
    assert errors["pareto_nbd"].deviance == pytest.approx(1.600, abs=1e-3)


def test_cdnows_forecast_is_better_than_every_model_by_a_proper_score(cdnow):
    best = min(model.accuracy.deviance for model in cdnow.models)
    assert cdnow.forecast.deviance == pytest.approx(1.52, abs=0.01)
    assert cdnow.forecast.deviance < 0.97 * best
    assert cdnow.forecast.rmse < min(model.accuracy.rmse for model in cdnow.models)
    assert cdnow.forecast.total_error == pytest.approx(-0.132, abs=0.005)
    assert cdnow.verdicts.orders.off_by == pytest.approx(cdnow.forecast.total_error, abs=1e-6)


def test_cdnows_forecast_is_calibrated_and_ranks_customers(cdnow):
    assert sum(group.customers for group in cdnow.calibration) == 2357
    predicted = [group.predicted for group in cdnow.calibration]
    assert predicted == sorted(predicted)
    top = cdnow.calibration[-1]
    assert top.predicted == pytest.approx(top.actual, rel=0.2)
    assert cdnow.discrimination.auc > 0.78
    assert cdnow.discrimination.auc > cdnow.discrimination.auc_of_recency
    assert cdnow.discrimination.expected_share == pytest.approx(
        cdnow.discrimination.actual_share, abs=0.08
    )
    assert cdnow.value.by_prediction > cdnow.value.by_past_spend > 0.4


def test_cdnows_ranges_held(cdnow):
    assert cdnow.ranges.held
    assert 0.8 <= cdnow.ranges.customers_inside <= 0.98


def test_the_gap_rule_is_tested_too(cdnow):
    outcomes = {outcome.state: outcome for outcome in cdnow.gap_states}
    assert sum(outcome.customers for outcome in outcomes.values()) == 2357
    assert outcomes["active"].ordered > outcomes["at_risk"].ordered > outcomes["lapsed"].ordered


# ---- Online Retail: a first Christmas ----------------------------------------------------------


def test_online_retail_has_chances_in_figures_and_the_rest_by_rank(online_retail):
    assert grades(online_retail) == {
        "orders": "ranking", "no_order_30d": "full", "no_order_90d": "full",
        "no_order_180d": "none", "money": "ranking",
    }  # fmt: skip
    assert online_retail.forecast.deviance == pytest.approx(1.484, abs=0.005)
    assert online_retail.forecast.rmse == pytest.approx(1.606, abs=0.01)
    assert online_retail.forecast.total_error == pytest.approx(-0.170, abs=0.01)
    assert online_retail.discrimination.auc == pytest.approx(0.750, abs=0.005)


def test_online_retail_says_why(online_retail):
    verdicts = online_retail.verdicts
    rule, ranks = verdicts.orders.reasons
    assert "is not surely better than to assume that everybody keeps buying at the same" in rule
    assert "it saves 1.1 % of that rule's error (with 95 % confidence at least \u22120.3 %)" in rule
    assert "their order can be trusted" in ranks
    assert verdicts.money.off_by == pytest.approx(-0.271, abs=0.005)
    assert any(
        reason.startswith("the total of money was off by \u221227.")
        for reason in verdicts.money.reasons
    )
    assert verdicts.no_order["180"].reasons == ("the test covers 119 days, and this is 180 ahead",)


def test_online_retails_p_alive_is_no_churn_score(online_retail):
    assert not online_retail.p_alive_means_something
    assert "is no churn score" in online_retail.notes[-1]


def test_new_customers_and_one_time_buyers_have_a_line_each(online_retail):
    groups = {one.group: one for one in online_retail.groups}
    assert {name: one.customers for name, one in groups.items()} == {
        "new": 188, "bought_once": 1239, "repeated": 1794,
    }  # fmt: skip
    assert groups["new"].actual == pytest.approx(1.144, abs=0.001)
    assert groups["new"].by_model == pytest.approx(1.18, abs=0.01)
    assert groups["repeated"].predicted > groups["repeated"].by_model
    total = sum(one.customers * one.predicted for one in groups.values())
    assert total == pytest.approx(online_retail.forecast.predicted, rel=1e-5)


def test_cards_survive_json(cdnow, online_retail):
    for card in (cdnow, online_retail):
        document = json.loads(json.dumps(encode(card), allow_nan=False))
        assert decode(ReportCard, document, document="card") == card


# ---- loyalty -----------------------------------------------------------------------------------


def test_online_retail_publishes_and_cdnow_does_not():
    made = learn_loyalty(of_events("online_retail"))
    assert (made.weights, made.published, made.customers) == ("learnt", True, 3_370)
    assert made.test.lead.mean == pytest.approx(0.106, abs=0.005)
    cdnow = learn_loyalty(of_events("cdnow_sample"))
    assert (cdnow.weights, cdnow.published, cdnow.customers) == ("learnt", False, 2_357)
    assert cdnow.test.lead.high > 0 > cdnow.test.lead.low


def test_the_fixed_weights_are_the_mean_of_two_real_shops():
    weights = np.zeros(len(FIXED.names))
    for name in ("online_retail", "cdnow_sample"):
        days = of_events(name)
        for days_ago in (90, 180):
            cut = EarlierCut.of(days, days_ago=days_ago)
            middle = float(np.median(cut.known.mean_net))
            features = features_of(cut.known, names=FIXED.names, middle_spend=middle)
            made = fit_ordered(
                features, cut.ordered, names=FIXED.names, directions=DIRECTIONS
            ).regression
            each = dict(zip(made.names, np.divide(made.coefficients, made.spread), strict=True))
            weights += [each.get(feature, 0.0) / 4 for feature in FIXED.names]
    assert np.abs(weights - FIXED.coefficients).max() < 0.06
