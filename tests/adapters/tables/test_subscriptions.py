"""Which of two models predicts who cancels: the attributes, or the tenure without them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from adapters.tables.churn import Cancellations
from adapters.tables.parquet import arrow_schema, write_table
from adapters.tables.subscriptions import with_retention
from tessera.contracts.tables import SUBSCRIPTIONS
from tessera.customers.subscriptions.retention.beta_geometric import Retention
from tessera.customers.subscriptions.retention.cohorts import p_cancel
from tessera.records.scoring.retention import ChanceSources

COUNT = 2_000


@pytest.fixture(scope="module")
def subscribers():
    """Everyone's days, and a file of them: each leaves with an individual chance."""
    draw = np.random.default_rng(9)
    begun = draw.integers(1, 600, COUNT)
    ran = 30 * draw.geometric(np.maximum(draw.beta(0.8, 3.0, COUNT), 1e-3))
    ended = np.where(ran < begun, begun - ran, 0)
    return begun, ended


def folder(path, begun, ended):
    rows = {
        "customer_key": [f"{n:05}" for n in range(len(begun))],
        "begun_days_ago": begun,
        "ended_days_ago": pa.array(ended, mask=np.asarray(ended) == 0),
    }
    table = pa.table(rows).cast(arrow_schema(SUBSCRIPTIONS))
    write_table(path / "part-0.parquet", table, SUBSCRIPTIONS)
    return path


def of_attributes(probability, left=None):
    left = np.zeros(len(probability), np.bool_) if left is None else left
    return Cancellations(np.asarray(probability, np.float64), left, None)


def keys_of(*names):
    return pa.chunked_array([pa.array(names, pa.string())])


def everyone():
    return keys_of(*(f"{n:05}" for n in range(COUNT)))


def test_the_tenure_speaks_where_the_attributes_are_silent(subscribers, tmp_path):
    begun, ended = subscribers
    before = np.where(np.arange(COUNT) % 2, 0.25, np.nan)
    left = np.arange(COUNT) % 10 == 0
    chances, record = with_retention(
        of_attributes(before, left), folder(tmp_path, begun, ended), keys=everyone(), period_days=30
    )
    assert record.decision == "publish"
    by_attributes, running = ~np.isnan(before), ended == 0
    by_tenure = ~by_attributes & running & ~left
    assert np.array_equal(chances[by_attributes], before[by_attributes])
    model = Retention(**record.parameters)
    assert chances[by_tenure] == pytest.approx(p_cancel(model, begun[by_tenure], period_days=30))
    assert np.isnan(chances[~by_attributes & ~by_tenure]).all()
    assert record.gave == ChanceSources(
        attributes=int(by_attributes.sum()), retention=int(by_tenure.sum())
    )
    assert record.active == int(running.sum())


def test_customers_stand_where_their_keys_do(subscribers, tmp_path):
    begun, ended = subscribers
    path = folder(tmp_path, begun, ended)
    straight, _ = with_retention(
        of_attributes(np.full(COUNT, np.nan)), path, keys=everyone(), period_days=30
    )
    names = ["nobody", *(f"{n:05}" for n in reversed(range(COUNT)))]
    turned, _ = with_retention(
        of_attributes(np.full(COUNT + 1, np.nan)), path, keys=keys_of(*names), period_days=30
    )
    assert np.isnan(turned[0])
    assert np.array_equal(turned[:0:-1], straight, equal_nan=True)


def test_a_withheld_model_gives_nothing(subscribers, tmp_path):
    begun, ended = subscribers
    path = folder(tmp_path, begun[:50], ended[:50])
    chances, record = with_retention(
        of_attributes(np.full(50, np.nan)), path, keys=keys_of(*(f"{n:05}" for n in range(50))),
        period_days=30,
    )  # fmt: skip
    assert record.decision == "withhold"
    assert record.gave == ChanceSources(attributes=0, retention=0)
    assert np.isnan(chances).all()


def test_without_subscriptions_there_is_no_record(tmp_path):
    nothing = np.zeros(0, np.int64)
    chances, record = with_retention(
        of_attributes([0.5, np.nan]), folder(tmp_path, nothing, nothing), keys=keys_of("a", "b"),
        period_days=30,
    )  # fmt: skip
    assert record is None
    assert np.array_equal(chances, [0.5, np.nan], equal_nan=True)
