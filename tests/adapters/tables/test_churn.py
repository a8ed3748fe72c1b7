"""What Score does with a churn model: its predictions, and its record."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import tarfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from adapters.tables.churn import cancellations, read_attributes
from tessera.customers.subscriptions import tree_fit
from tessera.customers.subscriptions.churn import not_trained, train_churn
from tessera.customers.subscriptions.model import published_model
from tessera.records.codec import encode
from tessera.records.scoring.churn import RiskReasons

DAY = dt.date(2024, 6, 1)


def subscribers(count=600):
    """One row a customer: the risk falls with the plan and the tenure, and cards don't matter."""
    draw = np.random.default_rng(8)
    plan, tenure = draw.integers(0, 3, count), draw.integers(1, 50, count)
    risk = 1 / (1 + np.exp(-(1.6 - 1.5 * plan - 0.04 * tenure)))
    return pa.table(
        {
            "customer_key": [f"{n:04}" for n in range(count)],
            "observed_at": pa.array([DAY] * count, pa.date32()),
            "churn_label": pa.array((draw.random(count) < risk).tolist()),
            "plan": [("month", "year", "two")[p] for p in plan],
            "tenure": tenure.astype(float),
            "card": draw.random(count) < 0.5,
        }
    )


def written(folder, table):
    folder.mkdir(exist_ok=True)
    pq.write_table(table, folder / "part-0.parquet")
    return folder


def packed(folder, record):
    """Return a folder with the archive that SageMaker makes of a record."""
    folder.mkdir()
    (folder / "churn.json").write_text(json.dumps(encode(record)))
    with tarfile.open(folder / "model.tar.gz", "w:gz") as archive:
        archive.add(folder / "churn.json", "churn.json")
    return folder


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    """What was learnt of the subscribers."""
    known = read_attributes(written(tmp_path_factory.mktemp("known"), subscribers()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tree_fit, "ROUNDS", 10)
        made = train_churn(known.attributes, label=known.label, observed=known.observed, seed=1)
    assert made.decision == "publish"
    return made


def run(tmp_path, record, table, *, keys=None, as_of=DAY):
    wanted = keys if keys is not None else table.column("customer_key").to_pylist()
    return cancellations(
        packed(tmp_path / "model", record),
        written(tmp_path / "attributes", table),
        keys=pa.chunked_array([pa.array(wanted, pa.string())]),
        as_of=as_of,
    )


def test_who_is_still_there_gets_a_chance_and_who_left_gets_none(record, tmp_path):
    table = subscribers()
    scores = run(tmp_path, record, table)
    left = np.array(table.column("churn_label").to_pylist())
    assert np.array_equal(np.isnan(scores.probability), left)
    known = read_attributes(tmp_path / "attributes")
    direct = published_model(record).p_cancel(known.attributes, day=known.observed)
    assert np.array_equal(scores.probability[~left], direct[~left])
    scored = scores.record.scored
    assert (scored.customers, scored.left) == (int((~left).sum()), int(left.sum()))
    assert scored.mean == pytest.approx(np.nanmean(scores.probability), abs=1e-6)


def test_customers_stand_where_their_keys_do(record, tmp_path):
    table = subscribers()
    keys = ["nobody", *table.column("customer_key").to_pylist()[::-3], "somebody"]
    scores = run(tmp_path, record, table, keys=keys)
    everyone = read_attributes(tmp_path / "attributes")
    chance = published_model(record).p_cancel(everyone.attributes, day=everyone.observed)
    for place, key in enumerate(keys):
        if key.isdigit() and everyone.label[int(key)] == 0:
            assert scores.probability[place] == pytest.approx(chance[int(key)])
        else:
            assert np.isnan(scores.probability[place])


def test_the_last_day_that_is_known_counts(record, tmp_path):
    table = subscribers()
    later = table.slice(0, 2).drop_columns(["observed_at", "churn_label", "tenure"])
    later = later.append_column("tenure", pa.array([49.0, 49.0]))
    later = later.append_column("observed_at", pa.array([DAY + dt.timedelta(9)] * 2, pa.date32()))
    later = later.append_column("churn_label", pa.array([None, True], pa.bool_()))
    both = pa.concat_tables([later.select(table.column_names), table])
    scores = run(tmp_path, record, both, keys=["0000", "0001"])
    alone = cancellations(
        tmp_path / "model",
        written(tmp_path / "alone", later.select(table.column_names)),
        keys=pa.chunked_array([["0000", "0001"]]),
        as_of=DAY,
    )
    assert scores.probability[0] == alone.probability[0]
    assert np.isnan(scores.probability[1])


def test_what_was_known_long_ago_predicts_nothing(record, tmp_path):
    scores = run(tmp_path, record, subscribers(), as_of=DAY + dt.timedelta(91))
    assert np.isnan(scores.probability).all()
    assert scores.record.scored.mean is None
    assert scores.record.scored.known_too_long_ago > 0
    assert scores.record.reasons == RiskReasons(customers=0, features=())


def test_the_record_says_what_raises_the_risk_and_holds_no_model(record, tmp_path):
    kept = run(tmp_path, record, subscribers()).record
    assert "model" not in encode(kept)
    assert (kept.decision, kept.metrics) == ("publish", record.metrics)
    assert len(kept.sha256) == 64
    first, *_ = kept.reasons.features
    assert (first.feature, first.value) == ("plan", "'month'")
    assert 0 < first.customers <= kept.reasons.customers
    raised = {each.feature: each.contribution for each in kept.reasons.features}
    assert raised.get("card", 0) < min(raised["plan"], raised["tenure"])
    json.dumps(encode(kept), allow_nan=False)


def test_without_a_model_nobody_has_a_chance(record, tmp_path):
    keys = pa.chunked_array([["0001"]])
    none = cancellations(tmp_path / "no", tmp_path / "no", keys=keys, as_of=DAY)
    assert none.record is None
    assert np.isnan(none.probability).all()
    untrained = packed(tmp_path / "untrained", not_trained("too few", customers=3, cancelled=1))
    people = written(tmp_path / "people", subscribers())
    scores = cancellations(untrained, people, keys=keys, as_of=DAY)
    assert np.isnan(scores.probability).all()
    assert scores.record.reason == "too few"
    withheld = packed(
        tmp_path / "withheld", dataclasses.replace(record, decision="withhold", model=None)
    )
    scores = cancellations(withheld, people, keys=keys, as_of=DAY)
    assert (np.isnan(scores.probability).all(), scores.record.decision) == (True, "withhold")


@pytest.mark.parametrize("decision", ["publish", "withhold"])
def test_who_left_is_known_whatever_the_model_is_worth(record, tmp_path, decision):
    table = subscribers()
    keys = ["nobody", *table.column("customer_key").to_pylist()]
    scores = run(tmp_path, dataclasses.replace(record, decision=decision), table, keys=keys)
    assert scores.left.tolist() == [False, *table.column("churn_label").to_pylist()]
