"""The churn training job, run as its container runs it."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from adapters.aws.container import Container, write_json
from steps.train.cancellations import train_cancellations as train
from tessera.customers.subscriptions import splits, tree_fit
from tessera.customers.subscriptions.model import published_model
from tessera.errors import InvalidInput
from tessera.records.codec import decode
from tessera.records.scoring.churn import TrainedChurn
from tests.job_process import run_job
from tests.tickets import ticket_json

DAY = dt.date(2024, 6, 1)


def subscribers(count=400):
    draw = np.random.default_rng(8)
    plan, tenure = draw.integers(0, 3, count), draw.integers(1, 50, count)
    risk = 1 / (1 + np.exp(-(0.9 - plan - 0.04 * tenure)))
    return pa.table(
        {
            "customer_key": [f"{n:04}" for n in draw.permutation(count)],
            "observed_at": pa.array([DAY] * count, pa.date32()),
            "churn_label": pa.array([None, *(draw.random(count - 1) < risk[1:]).tolist()]),
            "plan": pa.array([("month", "year", "two")[p] for p in plan]).dictionary_encode(),
            "tenure": pa.array([None, *tenure[1:].tolist()], pa.int64()),
            "paid": pa.array([Decimal(int(t)) for t in tenure * 7], pa.decimal128(18, 2)),
            "joined": pa.array([DAY - dt.timedelta(days=int(30 * t)) for t in tenure]),
        }
    )


def container(root, table=None):
    made = Container({"ML_ROOT": str(root)})
    ticket = ticket_json(settings={"cluster_seed": 7})
    write_json(made.channel("ticket") / "ticket.json", ticket)
    made.channel("attributes").mkdir()
    if table is not None:
        pq.write_table(table, made.channel("attributes") / "part-0.parquet")
    return made


def trained(made):
    train(made)
    return json.loads((made.model / "churn.json").read_text())


@pytest.fixture
def few_rounds(monkeypatch):
    monkeypatch.setattr(tree_fit, "ROUNDS", 10)
    monkeypatch.setattr(splits, "_LARGE", 100)  # one inner fold


def test_attributes_become_a_model(tmp_path):
    container(tmp_path, subscribers())
    done = run_job(tmp_path, "train_churn")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    record = json.loads((tmp_path / "model" / "churn.json").read_text())
    assert (record["trained"], record["customers"], record["seed"]) == (True, 399, 7)
    assert record["features"] == ["plan", "tenure", "paid", "joined"]
    kinds = [feature["kind"] for feature in record["model"]["features"]]
    assert kinds == ["category", "number", "number", "date"]
    line = json.loads(done.stdout)
    assert (line["step"], line["message"]) == ("TrainChurn", "publish")
    assert line["reason"].startswith("on 399 customers")
    assert published_model(decode(TrainedChurn, record, document="churn.json")) is not None
    assert not (tmp_path / "output" / "failure").exists()


def test_the_order_and_number_of_files_leave_no_trace(tmp_path, few_rounds):
    table = subscribers()
    whole = container(tmp_path / "whole", table)
    parts = container(tmp_path / "parts")
    for place, rows in enumerate((table.slice(250), table.slice(0, 250))):
        pq.write_table(rows, parts.channel("attributes") / f"part-{place}.parquet")
    assert trained(parts) == trained(whole)
    first, second = ((made.model / "churn.json").read_bytes() for made in (parts, whole))
    assert first == second


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (None, "there is no file of customer attributes"),
        (subscribers().drop_columns(["churn_label"]), "do not say who cancelled"),
        (subscribers(150), "149 customers have a known outcome, 200 are needed"),
        (subscribers().slice(0, 0), "0 customers have a known outcome"),
    ],
)
def test_without_anything_to_train_on_it_says_so(tmp_path, table, reason):
    record = trained(container(tmp_path, table))
    assert record["trained"] is False
    assert reason in record["reason"]


def test_a_leak_is_a_failure_that_names_the_column(tmp_path):
    table = subscribers()
    leak = pa.array([None if kept is False else DAY for kept in table["churn_label"].to_pylist()])
    made = container(tmp_path, table.append_column("cancelled on", leak))
    with pytest.raises(SystemExit), made.failing_to("failure"):
        train(made)
    failure = json.loads((tmp_path / "output" / "failure").read_text())
    assert failure["error"] == "InvalidInput"
    assert "'cancelled on' all but equals the label" in failure["message"]
    assert not (made.model / "churn.json").exists()


@pytest.mark.parametrize("name", ["customer_key", "observed_at"])
def test_a_table_without_its_own_columns_is_refused(tmp_path, name):
    made = container(tmp_path, subscribers().drop_columns([name]))
    with pytest.raises(InvalidInput, match=f"need a '{name}' in every row"):
        train(made)


def test_a_column_of_another_type_is_named(tmp_path):
    lists = pa.array([[1]] * 400)
    made = container(tmp_path, subscribers().append_column("basket", lists))
    with pytest.raises(InvalidInput, match=r"'basket' has the type list"):
        train(made)
