"""The retention model's test: published when it foretells better than the naive guess."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tessera.customers.subscriptions.retention.cohorts import Cohorts
from tessera.customers.subscriptions.retention.record import published_retention, retention_record
from tessera.records.codec import encode


def drawn(chances: np.ndarray, *, periods: int = 18, seed: int = 5) -> Cohorts:
    """Return subscribers of all ages up to some periods. ``chances`` is each one's by renewal."""
    draw = np.random.default_rng(seed)
    leaves = draw.random(chances.shape) < chances
    first = np.where(leaves.any(axis=1), leaves.argmax(axis=1) + 1, 10**6)
    renewals = draw.integers(0, periods + 1, len(chances))
    left = np.where(first <= renewals, first, 0)
    return Cohorts(renewals, left, np.ones(len(chances), np.int64))


def mixed(customers: int = 6_000) -> Cohorts:
    """Return subscribers as the model has them: each with an individual chance."""
    own = np.random.default_rng(3).beta(0.8, 3.0, customers)
    return drawn(np.repeat(own[:, None], 18, axis=1))


def growing(customers: int = 6_000) -> Cohorts:
    """Return subscribers who stay at first and leave the sooner the longer they are there."""
    by_renewal = np.minimum(0.9, 0.004 * np.arange(1, 19) ** 2)
    return drawn(np.repeat(by_renewal[None, :], customers, axis=0))


def test_a_shop_of_many_kinds_of_subscribers_is_published():
    record = retention_record(mixed(), period_days=30)
    json.dumps(encode(record), allow_nan=False)
    assert record.decision == "publish"
    assert record.parameters == pytest.approx({"alpha": 0.8, "beta": 3.0}, rel=0.1)
    holdout = record.holdout
    assert holdout.periods == 6
    assert holdout.error < holdout.naive_error
    left = {
        name: holdout.active - getattr(holdout, name) for name in ("stayed", "expected", "naive")
    }
    assert {name: round(count) for name, count in left.items()} == {
        "stayed": 770, "expected": 802, "naive": 1062,
    }  # fmt: skip
    assert abs(holdout.total_error) < 0.1
    assert "left since; the model expected" in record.reason
    model = published_retention(record)
    assert model is not None
    assert model.alpha == record.parameters["alpha"]
    for row in record.survival[:12]:
        assert row.observed == pytest.approx(row.fitted, abs=0.03)


def test_the_holdout_was_not_seen():
    """What happens after the cut changes the verdict's figures and not what was predicted."""
    cohorts = mixed()
    periods = int(cohorts.renewals.max()) // 3
    late = cohorts.left > cohorts.renewals - periods
    other = Cohorts(cohorts.renewals, np.where(late, 0, cohorts.left), cohorts.subscribers)
    one, two = (retention_record(c, period_days=30).holdout for c in (cohorts, other))
    assert one.expected == two.expected
    assert one.naive == two.naive
    assert two.stayed == two.active


def test_a_model_that_foretells_worse_than_the_naive_guess_is_withheld():
    record = retention_record(growing(), period_days=30)
    assert record.decision == "withhold"
    assert record.holdout.error > record.holdout.naive_error
    assert "worse than that the churn rate goes on" in record.reason
    assert published_retention(record) is None
    assert record.parameters is not None  # shown, and not used


def test_a_total_that_is_far_off_is_withheld():
    """Subscribers stop leaving at the cut: better than the naive guess is not good enough."""
    cohorts = mixed()
    periods = int(cohorts.renewals.max()) // 3
    late = (cohorts.left > cohorts.renewals - periods) & (cohorts.left > 0)
    spared = late & (np.arange(len(late)) % 4 > 0)
    left = np.where(spared, 0, cohorts.left)
    record = retention_record(Cohorts(cohorts.renewals, left, cohorts.subscribers), period_days=30)
    assert record.decision == "withhold"
    assert record.holdout.error < record.holdout.naive_error
    assert "off by +" in record.reason


@pytest.mark.parametrize(
    ("renewals", "left", "counts", "words"),
    [
        ([3, 3], [0, 1], [60, 39], "99 customers have subscribed, 100 are needed"),
        ([3, 3], [0, 1], [181, 19], "19 subscriptions have ended"),
        ([3, 3], [0, 3], [500, 30], "could not be tested: one period ago 0 subscriptions"),
        ([3, 1], [1, 0], [500, 30], "nobody had just come to a renewal"),
    ],
)
def test_too_little_data_is_described_in_words(renewals, left, counts, words):
    cohorts = Cohorts(np.array(renewals), np.array(left), np.array(counts))
    record = retention_record(cohorts, period_days=30)
    assert record.decision == "withhold"
    assert words in record.reason
    assert record.holdout is None
    assert record.subscribers == sum(counts)
    json.dumps(encode(record), allow_nan=False)


def test_equal_subscribers_may_stand_in_one_row():
    cohorts = mixed(2_000)
    rows = np.column_stack([cohorts.renewals, cohorts.left])
    distinct, counts = np.unique(rows, axis=0, return_counts=True)
    folded = Cohorts(distinct[:, 0], distinct[:, 1], counts)
    one, two = (retention_record(c, period_days=30) for c in (cohorts, folded))
    assert vars(one.holdout) == pytest.approx(vars(two.holdout))
    assert one.survival == two.survival
