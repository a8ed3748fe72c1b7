"""Two runs of one shop: who moved between them, why, and what the second one froze."""

from __future__ import annotations

import json
from email.utils import parsedate_to_datetime
from typing import Any

import pyarrow.parquet as pq
import pytest

from local.app.system import System
from local.aws.server import EmbeddedAws
from tessera import naming
from tests.local.test_pipeline import App

TENANT = "movers"


@pytest.fixture(scope="module")
def app(aws: EmbeddedAws, system: System, tmp_path_factory: pytest.TempPathFactory) -> App:
    return App(aws, system, tmp_path_factory.mktemp("uploads"))


@pytest.fixture(scope="module")
def records(app: App, sample: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The score records of a run on half of the history, and of one after the rest of it."""
    ordered = sorted(sample, key=lambda row: parsedate_to_datetime(row["Date"]))
    cut = parsedate_to_datetime(ordered[len(ordered) // 2]["Date"]).date()
    early = [row for row in ordered if parsedate_to_datetime(row["Date"]).date() < cut]
    late = ordered[len(early) :]
    app.system.put_settings(TENANT, b"breaker_limit = 1.0\n")  # the two are a year apart
    scores = []
    for name, rows in (("early.csv", early), ("late.csv", late)):
        execution = app.upload(rows, name, tenant=TENANT)
        assert app.finish(execution)["status"] == "SUCCEEDED", app.system.error_of(execution)
        scores.append(json.loads(read(app, execution, naming.SCORE_RECORD)))
        scores[-1]["run_id"] = app.run(execution)[1]
    return scores


def read(app: App, execution: str, name: str) -> bytes:
    key = naming.run_prefix(*app.run(execution)) + name
    return app.system.read(app.system.data_bucket, key)


def test_a_first_run_has_nothing_to_compare_with(records):
    first = records[0]
    assert (first["previous"], first["movement"]) == (None, None)
    assert not first["breaker"]["waits"]


def test_the_second_run_records_who_moved_and_why(records):
    first, second = records
    assert second["previous"] == {"run_id": first["run_id"], "as_of": first["as_of"]}
    moves = second["movement"]
    assert moves["customers"] == second["customers"]
    assert moves["stayed"] + moves["moved"] + moves["entered"] + moves["left"] == moves["customers"]
    causes = {row["cause"]: row["customers"] for row in moves["causes"]}
    assert causes["own_behaviour"] > 0
    assert causes["time_passing"] > 0
    assert causes["data_corrected"] == causes["definition_changed"] == 0
    before = {row["label"]: row["before"] for row in moves["segments"]}
    assert before == {row["label"]: row["customers"] for row in first["segments"]}
    after = {row["label"]: row["after"] for row in moves["segments"]}
    assert after == {row["label"]: row["customers"] for row in second["segments"]}


def test_every_move_is_a_row_of_the_catalogued_transitions(app, records, tmp_path):
    second = records[1]
    glue = app.aws.client("glue")
    [database] = [item["Name"] for item in glue.get_databases()["DatabaseList"]]
    [partition] = [
        item
        for item in glue.get_partitions(DatabaseName=database, TableName="transitions")[
            "Partitions"
        ]
        if item["Values"][:1] == [TENANT] and item["Values"][2] == second["run_id"]
    ]
    location = partition["StorageDescriptor"]["Location"]
    key = location.removeprefix(f"s3://{app.system.data_bucket}/") + "part-0.parquet"
    path = tmp_path / "moves.parquet"
    path.write_bytes(app.system.read(app.system.data_bucket, key))
    rows = pq.read_table(path).to_pylist()
    moves = second["movement"]
    assert len(rows) == moves["moved"] + moves["entered"] + moves["left"]
    for row in rows:
        assert row["from_segment"] != row["to_segment"]
        assert json.loads(row["path"])[-1][1] == row["to_segment"]
