"""A report card as rows."""

from __future__ import annotations

from tessera.customers.forecast import learn
from tessera.customers.report_card.rows import card_rows
from tests.customers.test_forecast import buyers_of


def test_every_model_and_baseline_is_a_row(cdnow):
    rows = card_rows(learn(buyers_of(cdnow), backtest=cdnow).card)
    assert {row["name"]: row["role"] for row in rows} == {
        "same_rate": "baseline", "segment_average": "baseline",
        "bg_nbd": "candidate", "mbg_nbd": "candidate", "pareto_nbd": "published",
    }  # fmt: skip
    [best] = (row for row in rows if row["role"] == "published")
    assert best["mae"] < min(row["mae"] for row in rows if row["role"] == "baseline")
    assert best["auc"] > 0.7
    assert {row["holdout_days"] for row in rows} == {273.0}


def test_no_card_no_rows():
    assert card_rows(None) == []
