"""Clicks in the churn model: taken where they foretell cancellations, refused where they do not."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from tessera.customers.subscriptions import splits, tree_fit
from tessera.customers.subscriptions.attributes import Attribute, AttributeColumns
from tessera.customers.subscriptions.churn import train_churn
from tessera.customers.subscriptions.clicks import CLICKS, Clicks, apart
from tessera.customers.subscriptions.model import published_model
from tessera.records.codec import decode, encode
from tessera.records.scoring.churn import TrainedChurn

pytestmark = pytest.mark.slow  # a model is learnt in most tests
FIRST_DAY = 20_000.0
SNAPSHOTS = 6  # a customer is described every 45 days
EVERY_DAYS = 45


@pytest.fixture(autouse=True)
def few_rounds(monkeypatch):
    monkeypatch.setattr(tree_fit, "ROUNDS", 15)
    monkeypatch.setattr(splits, "_LARGE", 100)  # one inner fold


class Subscribers:
    """Customers on several days. How lively they are shows in clicks, and perhaps in the label."""

    def __init__(self, seed: int, *, effect: float, customers: int = 300) -> None:
        draw = np.random.default_rng(seed)
        rows = customers * SNAPSHOTS
        self.customer = np.repeat(np.arange(customers), SNAPSHOTS)
        self.day = FIRST_DAY + EVERY_DAYS * np.tile(np.arange(SNAPSHOTS), customers)
        plan = draw.integers(0, 2, customers)[self.customer].astype(float)
        lively = draw.normal(0, 1, rows)
        views = draw.poisson(np.exp(1 + lively)).astype(float)
        sessions = np.ceil(views / 3)
        last = np.where(views > 0, draw.integers(1, 30, rows), draw.integers(31, 90, rows))
        score = -0.8 - plan - effect * lively
        self.label = (draw.random(rows) < 1 / (1 + np.exp(-score))).astype(float)
        self.attributes = AttributeColumns(
            (Attribute("plan", "flag", plan), Attribute("tickets", "number", draw.random(rows)))
        )
        columns = zip(CLICKS, (views, sessions, last.astype(float)), strict=True)
        self.clicks = AttributeColumns(tuple(Attribute(n, "number", v) for n, v in columns))

    def train(self, *, with_clicks: bool = True, **changed) -> TrainedChurn:
        given = {"label": self.label, "observed": self.day, "seed": 7} | changed
        clicks = Clicks(self.clicks, self.customer) if with_clicks else None
        return train_churn(self.attributes, clicks=clicks, **given)


@pytest.mark.parametrize("seed", range(4))
def test_clicks_that_foretell_cancellations_are_taken(seed):
    record = Subscribers(seed, effect=1.2).train()
    gate = record.clicks
    assert gate.kept
    assert 0 < gate.gain_from < gate.gain < gate.gain_to
    assert gate.gain_to - gate.gain == pytest.approx(1.645 * gate.gain_error, abs=2e-6)
    assert gate.without - gate.with_clicks == pytest.approx(gate.gain, abs=2e-6)
    assert record.metrics.log_loss == pytest.approx(gate.with_clicks, abs=2e-6)
    assert set(record.features) >= {"plan", CLICKS[0]}
    assert gate.reason.startswith("Clicks count: on 300 customers that it had not seen, the log")


def test_clicks_that_are_noise_are_refused():
    """One in twenty accidents passes. None of the refused changes the model by a byte."""
    shops = [Subscribers(seed, effect=0.0) for seed in range(8)]
    kept = 0
    for shop in shops:
        record, plain = shop.train(), shop.train(with_clicks=False)
        kept += record.clicks.kept
        if not record.clicks.kept:
            assert dataclasses.replace(record, clicks=None) == plain
            assert record.clicks.gain_from <= 0
            assert record.clicks.reason.startswith("Clicks do not count, because they prove not")
    assert kept <= 1


def test_rows_of_one_day_prove_nothing_about_clicks():
    shop = Subscribers(1, effect=1.2)
    record = shop.train(observed=np.full(len(shop.day), FIRST_DAY))
    assert not record.clicks.kept
    assert record.clicks.customers == 0
    assert "there is no split by time" in record.clicks.reason
    assert set(record.features) == {"plan", "tickets"}


def test_clicks_that_give_away_the_label_are_omitted_and_no_error():
    shop = Subscribers(2, effect=0.0)
    telling = Attribute(CLICKS[0], "number", 3 - 2 * shop.label)
    shop.clicks = AttributeColumns((telling,))
    record = shop.train()
    assert not record.clicks.kept
    assert any(CLICKS[0] in note and "reveals who cancelled" in note for note in record.notes)


def test_the_outcomes_after_the_test_began_do_not_choose_what_is_learnt_before():
    """Clicks of test rows are known only by their own day: a spoilt future changes no gate."""
    shop = Subscribers(3, effect=1.2)
    tested = shop.day >= np.quantile(shop.day, 0.75, method="lower")
    between = ~tested & (shop.day + 30 > shop.day[tested].min())
    spoilt = Subscribers(3, effect=1.2)
    spoilt.label[between] = 1 - spoilt.label[between]
    assert shop.train().clicks == spoilt.train().clicks


def test_rows_in_any_order_give_the_same_record():
    shop, mixed = Subscribers(5, effect=1.2), Subscribers(5, effect=1.2)
    order = np.random.default_rng(1).permutation(len(shop.day))
    mixed.attributes, mixed.clicks = mixed.attributes.take(order), mixed.clicks.take(order)
    mixed.label, mixed.day = mixed.label[order], mixed.day[order]
    mixed.customer = mixed.customer[order]
    assert shop.train() == mixed.train()


def test_a_record_without_clicks_has_no_member_of_them():
    shop = Subscribers(1, effect=0.0, customers=60)
    plain = encode(shop.train(with_clicks=False))
    assert "clicks" not in plain
    assert decode(TrainedChurn, plain, document="churn.json").clicks is None


def test_a_model_of_clicks_scores_by_the_clicks_of_its_rows():
    shop = Subscribers(1, effect=1.2)
    document = json.loads(json.dumps(encode(shop.train())))
    model = published_model(decode(TrainedChurn, document, document="churn.json"))
    both = AttributeColumns((*shop.attributes.columns, *shop.clicks.columns))
    chances = model.p_cancel(both, day=shop.day)
    lively = shop.clicks.columns[0].values > 6
    assert chances[lively].mean() < chances[~lively].mean() - 0.05


def test_columns_of_clicks_are_known_by_their_names():
    shop = Subscribers(1, effect=0.0, customers=60)
    both = AttributeColumns((*shop.clicks.columns[:2], *shop.attributes.columns))
    files, clicks = apart(both)
    assert (files.names, clicks.names) == (("plan", "tickets"), CLICKS[:2])
