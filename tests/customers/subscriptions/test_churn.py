"""Training a churn model: against the published baselines, and what it refuses to do."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tessera.customers.subscriptions import churn, splits, tree_fit
from tessera.customers.subscriptions.attributes import Attribute, AttributeColumns
from tessera.customers.subscriptions.churn import train_churn
from tessera.customers.subscriptions.model import published_model
from tessera.errors import InvalidInput
from tessera.records.codec import decode, encode
from tessera.records.scoring.churn import TrainedChurn
from tessera.sources.attributes.reading import parse_attributes
from tests import reference
from tests.customers.subscriptions.conftest import boost_little

pytestmark = pytest.mark.slow  # a model is learnt in most tests


def train(shop, **changes):
    given = {"attributes": shop.attributes, "label": shop.label, "observed": shop.day, "seed": 18}
    given |= changes
    return train_churn(given.pop("attributes"), **given)


def test_telco_is_ranked_and_calibrated_on_customers_that_were_not_seen(monkeypatch):
    """Five folds. The choice of the model and its calibration are inside each of them.

    One inner fold instead of three, to save time: more can only help.
    """
    monkeypatch.setattr(splits, "_LARGE", 1_000)
    file = parse_attributes(reference.content(reference.table("tables/telco")), name="telco.csv")
    peers = reference.document("oracles/scikit_learn/telco")
    day = np.full(len(file.customer_ids), 20_000.0)
    record = train_churn(file.attributes, label=file.cancelled, observed=day, seed=42)
    assert (record.customers, record.cancelled) == (peers["rows"], peers["positives"])
    metrics, kinds = record.metrics, record.kinds
    tuned = peers["tuned_boosting"]
    assert metrics.auc >= tuned["AUC"] - 0.003
    assert metrics.log_loss <= tuned["log_loss"] + 0.003
    assert metrics.ece <= 0.02
    assert metrics.brier <= peers["logistic_regression"]["brier"]
    assert kinds["logistic"].auc >= peers["logistic_regression"]["AUC"] + 0.003  # lines that bend
    assert kinds["boosting"].auc >= peers["hist_gradient_boosting"]["AUC"]
    assert record.decision == "publish"
    assert record.split.kind == "folds"
    assert record.choice.knots > 2
    assert len(json.dumps(record.model)) < 150_000


@pytest.fixture(scope="module")
def record(shop):
    with pytest.MonkeyPatch.context() as patch:
        boost_little(patch, rounds=40)
        return train(shop)


@pytest.fixture(scope="module")
def sampled(shop):
    """What is learnt of 800 customers of the shop."""
    with pytest.MonkeyPatch.context() as patch:
        boost_little(patch)
        patch.setattr(churn, "MOST_ROWS", 800)
        return train(shop)


def test_a_record_says_what_was_learnt_and_holds_the_model(shop, record):
    assert (record.trained, record.decision) == (True, "publish")
    assert record.features == ("plan", "tenure", "card", "joined")
    assert record.metrics.customers == 1_500
    assert "all rows describe the same day" in record.split.note
    model = published_model(
        decode(TrainedChurn, json.loads(json.dumps(encode(record))), document="x")
    )
    chances = model.p_cancel(shop.attributes, day=shop.day)
    assert np.corrcoef(chances, shop.risk)[0, 1] > 0.9
    assert chances.mean() == pytest.approx(shop.label.mean(), abs=0.02)


def test_rarity_does_not_show_in_the_probabilities(few_rounds, shop, monkeypatch):
    monkeypatch.setattr(splits, "_LARGE", 20_000)  # a fold in three has too few to calibrate on
    rare = np.where(np.arange(1_500) % 4, 0.0, shop.label)
    record = train(shop, label=rare)
    model = published_model(record) or pytest.fail(record.reason)
    assert model.p_cancel(shop.attributes, day=shop.day).mean() == pytest.approx(
        rare.mean(), abs=0.015
    )


def test_the_same_rows_give_the_same_bytes(few_rounds, shop, sampled, monkeypatch):
    monkeypatch.setattr(churn, "MOST_ROWS", 800)
    first, second = (json.dumps(encode(one), sort_keys=True) for one in (sampled, train(shop)))
    assert first == second


def test_the_order_of_rows_leaves_no_trace(few_rounds, shop, sampled, monkeypatch):
    monkeypatch.setattr(churn, "MOST_ROWS", 800)
    order = np.random.default_rng(7).permutation(len(shop.label))
    shuffled = train(
        shop,
        attributes=shop.attributes.take(order),
        label=shop.label[order],
        observed=shop.day[order],
    )
    assert encode(shuffled) == encode(sampled)


def test_customers_with_an_unknown_outcome_teach_nothing(few_rounds, shop):
    unknown = np.full(1_000, np.nan)
    known = train(shop, attributes=shop.attributes.take(np.arange(500)),
                  label=shop.label[:500], observed=shop.day[:500])  # fmt: skip
    some = train(shop, label=np.concatenate([shop.label[:500], unknown]))
    assert some == known


def test_interactions_are_left_to_the_trees(monkeypatch):
    monkeypatch.setattr(tree_fit, "ROUNDS", 40)
    draw = np.random.default_rng(4)
    first, second = draw.random((2, 600)) < 0.5
    label = (draw.random(600) < np.where(first ^ second, 0.5, 0.1)).astype(float)
    flags = (Attribute(n, "flag", v.astype(float)) for n, v in (("a", first), ("b", second)))
    record = train_churn(
        AttributeColumns(tuple(flags)), label=label, observed=np.zeros(600), seed=1
    )
    assert record.kind == "boosting"
    assert record.kinds["logistic"].auc < 0.6
    assert record.kinds["boosting"].auc > 0.65


def test_a_model_that_does_not_beat_the_base_rate_is_withheld(few_rounds, shop):
    shuffled = np.random.default_rng(6).permutation(shop.label)
    record = train(shop, label=shuffled)
    assert (record.trained, record.decision, record.model) == (True, "withhold", None)
    assert "does not surely beat giving everyone the base rate" in record.reason
    assert published_model(record) is None


@pytest.mark.parametrize(
    ("stayed", "left", "reason"),
    [
        (100, 60, "160 customers have a known outcome, 200 are needed"),
        (300, 29, "29 customers cancelled, 30 are needed"),
        (29, 300, "29 customers stayed, 30 are needed"),
        (0, 0, "0 customers have a known outcome"),
    ],
)
def test_too_little_is_no_error(shop, stayed, left, reason):
    label = np.full(1_500, np.nan)
    label[:stayed] = 0
    label[stayed : stayed + left] = 1
    record = train(shop, label=label)
    assert not record.trained
    assert reason in record.reason
    assert published_model(record) is None


def test_without_a_useful_attribute_nothing_is_trained(shop):
    constant = AttributeColumns((Attribute("country", "flag", np.ones(1_500)),))
    record = train(shop, attributes=constant)
    assert not record.trained
    assert "'country' was omitted" in record.reason


def test_a_leak_and_a_strange_label_stop_the_training(shop):
    leak = Attribute("state", "flag", shop.label)
    with pytest.raises(InvalidInput, match="'state' all but equals the label"):
        train(shop, attributes=AttributeColumns((*shop.attributes.columns, leak)))
    with pytest.raises(InvalidInput, match="neither 0 nor 1"):
        train(shop, label=shop.label + 1)


def test_columns_that_together_reveal_the_label_are_suspected(few_rounds, shop):
    """Each of the two alone says little. Their sum is the label."""
    draw = np.random.default_rng(9)
    noise = draw.normal(0, 3, 1_500)
    pair = (Attribute("a", "number", noise), Attribute("b", "number", shop.label - noise))
    record = train(shop, attributes=AttributeColumns((*shop.attributes.columns, *pair)))
    assert record.metrics.auc > 0.98
    assert any("too good to be true" in note for note in record.notes)
    chances = published_model(record).p_cancel(
        AttributeColumns((*shop.attributes.columns, *pair)), day=shop.day
    )
    assert 0 < chances.min() < chances.max() < 1


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10_000), blanks=st.floats(0, 1))
def test_strange_columns_give_chances(monkeypatch, seed, blanks):
    """Mostly unknown, nearly constant, enormous: every fold may lack any value."""
    boost_little(monkeypatch, rounds=3)
    draw = np.random.default_rng(seed)
    columns = (
        Attribute("wide", "number", draw.normal(size=240) * 10.0 ** draw.integers(-30, 30)),
        Attribute("rare", "flag", (draw.random(240) < 0.01).astype(float)),
        Attribute("one", "category", np.where(draw.random(240) < 0.02, 0.0, 1.0), ("x", "y")),
    )
    gaps = tuple(
        dataclasses.replace(
            column, values=np.where(draw.random(240) < blanks, np.nan, column.values)
        )
        for column in columns
    )
    label = (np.arange(240) % 3 == 0).astype(float)
    record = train_churn(AttributeColumns(gaps), label=label, observed=np.zeros(240), seed=seed)
    json.dumps(encode(record), allow_nan=False)
    if model := published_model(record):
        chances = model.p_cancel(AttributeColumns(gaps), day=np.zeros(240))
        assert ((chances > 0) & (chances < 1)).all()


def test_a_large_table_is_sampled_and_says_so(sampled):
    assert sampled.notes == ("trained on a sample of 800 customers",)
    assert (sampled.customers, sampled.metrics.customers) == (1_500, 800)


def test_days_make_a_split_by_time(few_rounds, shop):
    observed = shop.day + np.arange(1_500) // 250 * 30  # six months
    record = train(shop, observed=observed)
    assert record.split.kind == "time"
    assert "tested on the 500 rows from 2025-02-01 on, trained on the 1,000" in (record.split.note)
    assert record.metrics.customers == 500
