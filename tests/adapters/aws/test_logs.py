"""The log's format: one JSON line per decision, the same from jobs and functions, nobody in it."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from adapters.aws.function_logs import logged
from adapters.aws.logs import StepLog, job_log
from tessera.errors import InvalidInput

FIELDS = ["level", "message", "timestamp", "service", "tenant", "run_id", "step", "seconds"]


@pytest.fixture
def lines(capsys):
    """The lines printed so far, parsed."""
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@logged("StartLoad", message="status", facts=("progress", "destinations"))
def start_load(event, context):
    if event.get("error"):
        raise event["error"]
    return {
        "status": "DONE",
        "tenant": "acme",
        "run_id": "r1",
        "progress": {"changes": 3, "sent": 2},
        "destinations": ["klaviyo", "export"],
        "customer": "Ann",
    }


def test_a_jobs_line_and_a_functions_line_have_the_same_fields(lines):
    with job_log("Score", tenant="acme", run_id="r1") as log:
        log.decided("scored")
    start_load({"tenant": "acme"}, None)
    ours, theirs = lines()
    assert list(ours) == FIELDS
    assert list(theirs)[: len(FIELDS)] == FIELDS
    for line in (ours, theirs):
        assert (line["tenant"], line["run_id"], line["service"]) == ("acme", "r1", "tessera")
        assert dt.datetime.fromisoformat(line["timestamp"]).utcoffset() == dt.timedelta()


def test_only_the_chosen_fields_of_a_reply_are_logged(lines):
    start_load({"tenant": "acme", "destination": "klaviyo", "token": "secret"}, None)
    [line] = lines()
    assert line["message"] == "DONE"
    assert {name: line[name] for name in line if name not in FIELDS} == {
        "destination": "klaviyo",
        "changes": 3,
        "sent": 2,
        "destinations": 2,
    }


def test_the_run_is_known_to_all_lines_once_it_is_bound(lines):
    with job_log("TrainKMeans") as log:
        log.bind(tenant="acme", run_id="r1")
        log.decided("trained", clusters=5)
        log.decided("written")
    assert {(line["tenant"], line["run_id"]) for line in lines()} == {("acme", "r1")}


def test_addresses_and_phone_numbers_are_taken_out(lines):
    with job_log("Prepare", tenant="acme", run_id="r1") as log:
        log.decided("row of ann@example.com refused", reason="call +49 30 901820", rows=1234567)
    [line] = lines()
    assert line["message"] == "row of <address> refused"
    assert line["reason"] == "call <number>"
    assert line["rows"] == 1234567


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (InvalidInput("line 3 of ann@example.com is wrong"), "line 3 of <address> is wrong"),
        (ValueError("could not read 'Ann Smith'"), "the step failed"),
    ],
)
def test_an_error_is_logged_without_what_it_may_quote_and_passes_through(error, message, lines):
    def job():
        with job_log("Score", tenant="acme", run_id="r1"):
            raise error

    with pytest.raises(type(error)):
        job()
    with pytest.raises(type(error)):
        start_load({"tenant": "acme", "run_id": "r1", "error": error}, None)
    for line in lines():
        assert (line["level"], line["message"]) == ("ERROR", message)
        assert line["error"] == type(error).__name__
        assert line["place"].startswith("test_logs.py:")
        assert "Ann" not in json.dumps(line)


def test_seconds_count_from_the_steps_beginning():
    seen = []
    log = StepLog("Score", write=lambda level, message, fields: seen.append(fields["seconds"]))
    log.decided("one")
    log.decided("two")
    assert 0 <= seen[0] <= seen[1] < 5
