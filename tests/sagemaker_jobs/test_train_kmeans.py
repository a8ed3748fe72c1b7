"""The training job, run as its container runs it: a folder, an exit status, once a process."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

from adapters.aws.container import Container, write_json
from adapters.tables.parquet import write_table
from steps.train.clusters import train_kmeans as train
from tessera.contracts.tables import FEATURES
from tessera.customers.clusters.model import ClusterModel
from tessera.errors import InvalidInput
from tessera.records.codec import decode
from tests.job_process import run_job
from tests.tickets import ticket_json


def container(root: Path, rows: list[tuple[int, int, str, int]], **settings: object) -> Container:
    """A container with its channels filled. Rows: recency_days, frequency, monetary, customers."""
    made = Container({"ML_ROOT": str(root)})
    recency, frequency, monetary, customers = zip(*rows, strict=True) if rows else ((),) * 4
    columns = {
        "recency_days": pa.array(recency, pa.int32()),
        "frequency": pa.array(frequency, pa.int64()),
        "monetary": pa.array(monetary, pa.string()).cast(pa.decimal128(18, 4)),
        "customers": pa.array(customers, pa.int64()),
    }
    write_table(made.channel("features") / "part-0.parquet", pa.table(columns), FEATURES)
    write_json(made.channel("ticket") / "ticket.json", ticket_json(settings=settings))
    return made


ROWS = [
    (3, 9, "900.0000", 2),
    (4, 8, "850.5000", 1),
    (200, 1, "19.9900", 40),
    (210, 1, "5.0000", 12),
    (60, 3, "-12.0000", 1),
]


def test_features_become_a_model(tmp_path):
    container(tmp_path, ROWS, clusters=2, cluster_seed=7)
    done = run_job(tmp_path, "train_kmeans")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    document = json.loads((tmp_path / "model" / "model.json").read_text())
    model = decode(ClusterModel, document, document="model.json")
    assert (model.k, model.seed, model.customers, model.rows) == (2, 7, 56, 5)
    assert [label.customers for label in model.labels] == [3, 53]
    line = json.loads(done.stdout)
    assert (line["step"], line["clusters"], line["buyers"]) == ("TrainKMeans", 2, 56)
    assert not (tmp_path / "output" / "failure").exists()


def test_a_failure_is_left_where_sagemaker_reads_it(tmp_path, call_job):
    made = container(tmp_path, ROWS)
    (made.channel("features") / "part-0.parquet").unlink()
    done = call_job("train_kmeans", env={"ML_ROOT": str(tmp_path)})
    assert done.returncode == 1
    failure = json.loads((tmp_path / "output" / "failure").read_text())
    assert failure["error"] == "InvalidInput"
    assert "no Parquet file" in failure["message"]
    assert not (tmp_path / "model" / "model.json").exists()


def test_training_twice_gives_the_same_bytes(tmp_path):
    made = [container(tmp_path / name, rows) for name, rows in (("a", ROWS), ("b", ROWS[::-1]))]
    for one in made:
        train(one)
    first, second = [(one.model / "model.json").read_bytes() for one in made]
    assert first == second


def test_without_buyers_there_is_an_empty_model(tmp_path):
    made = container(tmp_path, [])
    train(made)
    assert json.loads((made.model / "model.json").read_text())["k"] == 0


def test_any_other_error_is_left_too_and_goes_on(tmp_path):
    made = Container({"ML_ROOT": str(tmp_path)})
    with pytest.raises(ZeroDivisionError), made.failing_to("failure"):
        raise ZeroDivisionError("by zero")
    failure = json.loads((tmp_path / "output" / "failure").read_text())
    assert (failure["error"], failure["message"]) == ("ZeroDivisionError", "by zero")
    assert failure["place"].startswith("test_train_kmeans.py:")


def test_a_missing_ticket_is_named(tmp_path):
    with pytest.raises(InvalidInput, match=r"ticket\.json does not exist"):
        train(Container({"ML_ROOT": str(tmp_path)}))
