"""Which model is best, and what makes one lose."""

from __future__ import annotations

import numpy as np
import pytest

from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.report_card.backtest import Backtest
from tessera.customers.report_card.baselines import SAME_RATE, SEGMENT_AVERAGE
from tessera.customers.report_card.decision import best, decide
from tessera.records.scoring.report_card import Accuracy, ModelDecision, ScoredModel


def errors(*, mae: float, rmse: float = 1.0, total: float = 100.0) -> Accuracy:
    return Accuracy(predicted=total, actual=100.0, total_error=total / 100 - 1, mae=mae, rmse=rmse)


def model(name: str, *, mae: float, ll: float = 0.0) -> ScoredModel:
    return ScoredModel(name=name, accuracy=errors(mae=mae), log_likelihood=ll)


def enough() -> Backtest:
    column = np.ones(200)
    return Backtest(
        history=PurchaseHistory(repeats=column, last_day=10 * column, age_days=120 * column),
        mean_spend=column,
        past_spend=column,
        orders=column,
        spend=column,
        holdout_days=28,
    )


def verdict(
    ours: Accuracy,
    *,
    same_rate: Accuracy,
    segment_average: Accuracy | None = None,
    auc: float | None = 0.8,
    share_gone: float = 0.4,
) -> ModelDecision:
    return decide(
        ScoredModel(name="pareto_nbd", accuracy=ours, log_likelihood=-1.0),
        naive={SAME_RATE: same_rate, SEGMENT_AVERAGE: segment_average or same_rate},
        backtest=enough(),
        auc=auc,
        share_gone=share_gone,
    )


def test_the_lowest_error_is_best_and_likelihood_breaks_ties():
    far, near = model("far", mae=0.9, ll=5.0), model("near", mae=0.8)
    assert best([far, near]) == near
    as_near = model("as_near", mae=0.8004, ll=3.0)
    assert best([near, as_near]) == as_near
    as_likely = model("as_likely", mae=0.8, ll=3.2)
    assert best([near, as_near, as_likely]) == as_near
    assert best([]) is None


@pytest.mark.parametrize(
    ("ours", "publish"),
    [
        (errors(mae=0.99, rmse=2.0), True),
        (errors(mae=1.0, rmse=2.0), False),  # a draw is a loss
        (errors(mae=1.2, rmse=1.9, total=91), True),  # lower squared errors, and the total is right
        (errors(mae=1.2, rmse=1.9, total=89), False),
        (errors(mae=1.2, rmse=2.0, total=100), False),
        (errors(mae=0.9, rmse=1.9, total=151), False),
        (errors(mae=0.9, rmse=1.9, total=149), True),
    ],
)
def test_what_wins_and_what_loses(ours, publish):
    decision = verdict(ours, same_rate=errors(mae=1.0, rmse=2.0, total=130))
    assert decision.publish is publish
    assert decision.model == "pareto_nbd"
    assert decision.reasons


def test_it_has_to_beat_both_baselines():
    decision = verdict(
        errors(mae=0.9),
        same_rate=errors(mae=1.0),
        segment_average=errors(mae=0.8),
    )
    assert decision.reasons == (
        "Pareto/NBD, the best model, is off by 0.900 purchase days a customer: no better than to "
        "assume that everybody buys at the average rate of customers with as many purchases "
        "(0.800)",
    )


def test_a_model_that_knows_no_better_than_a_coin_is_withheld():
    ours, same_rate = errors(mae=0.5), errors(mae=1.0)
    assert verdict(ours, same_rate=same_rate, auc=0.56).publish
    assert verdict(ours, same_rate=same_rate, auc=None).publish
    decision = verdict(ours, same_rate=same_rate, auc=0.52)
    assert not decision.publish
    assert "it is right in 52 of 100 cases, and a coin in 50" in decision.reasons[0]


def test_p_alive_means_something_only_where_somebody_may_have_left():
    ours, same_rate = errors(mae=0.5), errors(mae=1.0)
    somebody = verdict(ours, same_rate=same_rate, share_gone=0.4)
    assert somebody.p_alive_means_something
    assert somebody.notes == ()
    nobody = verdict(ours, same_rate=same_rate, share_gone=0.002)
    assert nobody.publish
    assert not nobody.p_alive_means_something
    assert "P(alive) is below 0.95 for 0.2 % of customers" in nobody.notes[0]
