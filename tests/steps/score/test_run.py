from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from adapters.aws.container import Container, write_json
from steps.score.run import ScoreRun, Stopwatch
from tessera.errors import InvalidInput
from tests.tickets import prepared_json, ticket_json


@pytest.fixture
def container(tmp_path: Path) -> Container:
    made = Container({"ML_ROOT": str(tmp_path)})
    write_json(made.input("ticket") / "ticket.json", ticket_json(settings={"preset": "nine"}))
    prepared = prepared_json(as_of=dt.date(2026, 1, 3), holdout_days=28)
    write_json(made.input("record") / "prepare.json", prepared)
    write_json(made.input("previous") / "previous.json", {"run_id": None})
    return made


def test_a_run_reads_what_earlier_steps_decided(container):
    run = ScoreRun.open(container)
    assert (run.as_of, run.prepared.holdout_days) == (dt.date(2026, 1, 3), 28)
    assert (run.definition.name, run.previous) == ("nine", None)


def test_a_table_is_in_the_partition_of_its_day_and_run(container):
    run = ScoreRun.open(container)
    file = run.output("profiles")
    file.parent.mkdir(parents=True)
    file.write_bytes(b"x")
    written = run.written(file, "tenants/default/profiles/")
    assert written.key == "tenants/default/profiles/as_of=2026-01-03/run=r1/part-0.parquet"
    assert (written.bytes, len(written.sha256)) == (1, 64)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("ticket", {"tenant": 3}, r"ticket\.json: 'as_of' is missing"),
        ("record", prepared_json(as_of=dt.date(2026, 1, 3)) | {"buyers": "1"}, r"json\.buyers"),
        ("previous", {}, r"previous\.json: 'as_of' is missing"),
    ],
)
def test_a_wrong_document_is_named(container, name, value, message):
    [path] = container.input(name).iterdir()
    write_json(path, value)
    with pytest.raises(InvalidInput, match=message):
        ScoreRun.open(container)


def test_stages_add_up_to_the_total():
    watch = Stopwatch()
    for name in ("read_s", "score_s"):
        watch.lap(name)
    assert watch.laps.keys() == {"read_s", "score_s", "total_s"}
    assert sum(watch.laps.values()) == pytest.approx(2 * watch.laps["total_s"], abs=0.01)
