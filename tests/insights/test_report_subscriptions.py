"""The report on subscriptions: the retention curve, and the model of cancellations."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.customers.forecasting.click_gate import click_gate
from tessera.customers.subscriptions import splits, tree_fit
from tessera.customers.subscriptions.attributes import Attribute, AttributeColumns
from tessera.customers.subscriptions.churn import not_trained, train_churn
from tessera.customers.subscriptions.retention.cohorts import cohorts_of
from tessera.customers.subscriptions.retention.record import retention_record
from tessera.insights.report.drawing import curves
from tessera.records.codec import encode


@pytest.fixture(scope="module")
def retention():
    """What Score records of subscribers who leave with an individual chance."""
    draw = np.random.default_rng(2)
    begun = draw.integers(1, 600, 4_000)
    ran = 30.0 * draw.geometric(np.maximum(draw.beta(0.8, 3.0, 4_000), 1e-3))
    cohorts = cohorts_of(begun, np.where(ran < begun, begun - ran, np.nan), period_days=30)
    record = retention_record(cohorts, period_days=30)
    return {**encode(record), "active": 1_234, "gave": {"attributes": 0, "retention": 1_234}}


@pytest.fixture(scope="module")
def churn():
    """What Score records of a model of one attribute."""
    draw = np.random.default_rng(2)
    months = draw.integers(0, 40, 900).astype(float)
    label = (draw.random(900) < 1 / (1 + np.exp(0.15 * months - 1))).astype(float)
    with pytest.MonkeyPatch.context() as patch:  # few trees, compared on one inner fold
        patch.setattr(tree_fit, "ROUNDS", 20)
        patch.setattr(splits, "_LARGE", 100)
        record = train_churn(
            AttributeColumns((Attribute("months", "number", months),)),
            label=label, observed=np.full(900, 19_000.0), seed=1,
        )  # fmt: skip
    feature = {"feature": "months", "customers": 30, "share": 1.0, "contribution": 1.25}
    return {
        "sha256": "0" * 64,
        **{name: value for name, value in encode(record).items() if name != "model"},
        "scored": {"customers": 500, "left": 400, "known_too_long_ago": 0, "mean": 0.2},
        "reasons": {"customers": 30, "features": [{**feature, "value": None}]},
    }


def words(page) -> str:
    return " ".join(page.text.split())


def test_a_shop_without_subscriptions_has_no_section(make_records, outline):
    for score in ({}, {"churn": None, "retention": None}):
        assert "Subscriptions" not in outline(make_records(score=score)).text


def test_the_curve_shows_what_was_seen_and_what_the_model_says(retention, make_records, outline):
    page = outline(make_records(score={"retention": retention, "churn": None}))
    seen = [row for row in retention["survival"] if row["observed"] is not None]
    assert len(page.named("circle")) == len(seen) + 1  # and the beginning
    assert [a["class"] for a in page.named("path")].count("trace") == 1
    (plot,) = (a for a in page.named("svg") if a.get("class") == "plot")
    first = seen[0]
    assert f"{first['cancelled']:,} of {first['at_risk']:,} left" in plot["aria-label"]
    text = words(page)
    assert "4,000 customers have subscribed, 1,234 of them still are" in text
    assert "The retention model passed its test." in text
    assert f"alpha {retention['parameters']['alpha']:.4g} ±" in text
    assert "of 0 customers comes from their attributes, of 1,234 customers from how long" in text


def test_a_withheld_retention_model_says_why(retention, make_records, outline):
    reason = "it foretells worse than that the churn rate goes on"
    withheld = {
        **retention, "decision": "withhold", "reason": reason,
        "gave": {"attributes": 0, "retention": 0},
    }  # fmt: skip
    text = words(outline(make_records(score={"retention": withheld})))
    assert "The retention model is withheld" in text
    assert "It foretells worse than that the churn rate goes on." in text
    assert "No profile has a chance to cancel" in text


def test_too_few_subscribers_show_no_line(make_records, outline):
    cohorts = cohorts_of(np.arange(1, 90) * 3, np.full(89, np.nan), period_days=30)
    few = encode(retention_record(cohorts, period_days=30))
    record = {**few, "active": 89, "gave": {"attributes": 0, "retention": 0}}
    page = outline(make_records(score={"retention": record}))
    assert "89 customers have subscribed, 100 are needed." in page.text
    assert not [a for a in page.named("path") if a.get("class") == "trace"]
    assert "The model in figures" not in page.text


def test_the_cancellations_card_has_its_figures(churn, make_records, outline):
    page = outline(make_records(score={"churn": churn}))
    text = words(page)
    assert churn["decision"] == "publish"
    assert "The model passed its test." in text
    metrics = churn["metrics"]
    for expected in (
        f"AUC {metrics['auc']:.3f}", f"calibration error {metrics['ece']:.3f}",
        f"base rate {100 * metrics['cancelled'] / metrics['customers']:.1f} %",
        "months – 100.0 % +1.25", "of 500 customers comes from their attributes",
    ):  # fmt: skip
        assert expected in text
    assert len(page.named("circle")) == len(churn["calibration_table"])


def test_an_untrained_model_says_what_is_missing(make_records, outline):
    few = not_trained("3 customers have a known outcome, 200 are needed", customers=3)
    record = {name: value for name, value in encode(few).items() if name != "model"}
    record["sha256"] = "0" * 64
    text = words(outline(make_records(score={"churn": record})))
    assert "There is no model of cancellations by attributes." in text
    assert "3 customers have a known outcome, 200 are needed." in text


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=120))
def test_a_curve_stays_inside_its_frame(shares):
    steps = [curves.CurvePoint(place, *pair, "x") for place, pair in enumerate(shares, 1)]
    drawn = curves.falling(steps, across="a", up="b", label="c")
    dots = re.findall(r'cx="([\d.]+)" cy="([\d.]+)"', drawn)
    assert len(dots) == len(shares) + 1
    assert all(48 <= float(x) <= 328 and 24 <= float(y) <= 244 for x, y in dots)
    numbers = re.findall(r'text-anchor="middle">(\d+)<', drawn)
    assert 1 <= len(numbers) <= 7
    assert len(set(np.diff([int(n) for n in numbers]).tolist())) <= 1


@pytest.mark.parametrize("kept", [True, False])
def test_what_clicks_proved_is_in_words(kept, churn, make_records, outline):
    without = np.linspace(0.3, 0.9, 400)
    gain = 0.1 if kept else -0.1
    gate = click_gate(without, without - gain, loss="log loss")
    score = {"retention": None, "churn": {**churn, "clicks": encode(gate)}}
    assert gate.kept == kept
    assert gate.reason in words(outline(make_records(score=score)))
