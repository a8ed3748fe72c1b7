"""The run's own records show where a chance to cancel comes from."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from steps.explain.cancellation import cancellation
from tessera.customers.subscriptions.retention.beta_geometric import Retention
from tessera.customers.subscriptions.retention.cohorts import p_cancel
from tessera.records.scoring.churn import ChurnRecord
from tessera.records.scoring.retention import RetentionRecord

MODEL = Retention(0.8, 3.0)
RETENTION = RetentionRecord(
    period_days=30, subscribers=900, active=700, cancelled=200,
    decision="publish", reason="it is good",
    parameters={"alpha": 0.8, "beta": 3.0}, standard_errors=None, log_likelihood=-700.0,
    warnings=(), holdout=None, survival=(),
)  # fmt: skip
WITHHELD = dataclasses.replace(RETENTION, decision="withhold")
CHURN = ChurnRecord(trained=True, reason="it is good", kind="logistic", sha256="")
RUNNING = {"begun_days_ago": 100, "ended_days_ago": None}
CHANCE = float(p_cancel(MODEL, np.arange(1, 101), period_days=30)[-1])


def test_the_tenures_chance_is_known_by_its_value():
    origin = cancellation(CHANCE, churn=CHURN, retention=RETENTION, subscription=RUNNING)
    assert origin == {"from": "subscription", "periods_paid": 4, "renewals_due": 1}


@pytest.mark.parametrize("subscription", [RUNNING, None, {**RUNNING, "ended_days_ago": 3}])
def test_any_other_is_the_attributes(subscription):
    origin = cancellation(0.4321, churn=CHURN, retention=RETENTION, subscription=subscription)
    assert origin == {"from": "attributes", "model": "logistic", "clicks": False}
    assert cancellation(0.4321, churn=CHURN, retention=None, subscription=None) == origin


@pytest.mark.parametrize(
    ("retention", "subscription", "words"),
    [
        (RETENTION, None, "no known attribute"),
        (RETENTION, {**RUNNING, "ended_days_ago": 3}, "ended 3 days before"),
        (WITHHELD, RUNNING, "withheld: it is good"),
        (RETENTION, RUNNING, "attributes say"),
    ],
)
def test_no_chance_has_a_reason(retention, subscription, words):
    origin = cancellation(None, churn=None, retention=retention, subscription=subscription)
    assert origin is not None
    assert origin["from"] is None
    assert words in origin["why"]


def test_a_shop_without_subscriptions_has_nothing_to_say():
    assert cancellation(None, churn=None, retention=None, subscription=None) is None
