"""A report card as rows."""

from __future__ import annotations

import dataclasses

import pytest

from tessera.customers.report_card.rows import card_rows
from tessera.records.scoring.report_card import (
    Accuracy,
    Discrimination,
    ReportCard,
    ScoredModel,
)
from tests.learnt import verdicts


def accuracy(mae: float) -> Accuracy:
    return Accuracy(predicted=9.0, actual=10.0, total_error=-0.1, mae=mae, rmse=2.0, deviance=1.5)


@pytest.fixture
def card() -> ReportCard:
    return ReportCard(
        calibration_days=364.0,
        holdout_days=180.0,
        customers=600.0,
        repeat_buyers=400.0,
        baselines={"same_rate": accuracy(1.0), "silence": accuracy(1.1)},
        models=(
            ScoredModel(name="bg_nbd", accuracy=accuracy(0.9), log_likelihood=-5.0),
            ScoredModel(name="pareto_nbd", accuracy=accuracy(0.8), log_likelihood=-4.0),
        ),
        gap_states=(),
        verdicts=verdicts("full"),
        model="pareto_nbd",
        forecast=accuracy(0.7),
        discrimination=Discrimination(
            auc=0.75, auc_of_recency=0.7, expected_share=0.5, actual_share=0.5
        ),
    )


def test_every_model_and_baseline_is_a_row_and_the_forecast_is_last(card):
    rows = card_rows(card)
    assert {row["name"]: row["role"] for row in rows} == {
        "same_rate": "baseline", "silence": "baseline",
        "bg_nbd": "candidate", "pareto_nbd": "started_from", "forecast": "published",
    }  # fmt: skip
    assert [row["mae"] for row in rows] == [1.0, 1.1, 0.9, 0.8, 0.7]
    assert rows[-1]["auc"] == 0.75
    assert rows[-2]["log_likelihood"] == -4.0
    assert {row["holdout_days"] for row in rows} == {180.0}


@pytest.mark.parametrize(("grade", "role"), [("ranking", "ranked"), ("none", "withheld")])
def test_the_role_of_the_forecast_is_the_verdict_on_orders(card, grade, role):
    rows = card_rows(dataclasses.replace(card, verdicts=verdicts(grade)))
    assert rows[-1]["role"] == role


def test_without_a_model_there_is_no_forecast(card):
    rows = card_rows(dataclasses.replace(card, forecast=None, model=None, verdicts=None))
    assert [row["role"] for row in rows] == ["baseline", "baseline", "candidate", "candidate"]


def test_no_card_no_rows():
    assert card_rows(None) == []
