"""A run that the circuit breaker holds, in embedded AWS: it waits, and somebody decides."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from local.app.approval import Approvals, Here, commands, lines
from local.app.elsewhere.remote import connected
from local.app.progress import show
from local.app.system import System
from local.aws.server import EmbeddedAws
from local.commands.serve import RunReporter
from local.terminal import Terminal
from tessera import naming
from tessera.errors import InvalidInput
from tessera.records.runs.run_item import WaitingRun
from tests.local.test_pipeline import App

pytestmark = pytest.mark.slow

TENANT = "careful"
SETTINGS = 'preset = "{}"\nbreaker_limit = {}\ndestinations = ["export"]\nclusters = 3\n'


@pytest.fixture(scope="module")
def app(aws: EmbeddedAws, system: System, tmp_path_factory: pytest.TempPathFactory) -> App:
    return App(aws, system, tmp_path_factory.mktemp("uploads"))


def settle(app: App, preset: str, *, limit: float = 0.0) -> None:
    app.system.put_settings(TENANT, SETTINGS.format(preset, limit).encode())


def until(condition: Callable[[], Any], *, seconds: float = 120) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.1)
    raise AssertionError("it did not happen")


def the_one_waiting(app: App) -> WaitingRun:
    return until(lambda: next(iter(app.system.approvals.waiting()), None))


def states(app: App, execution: str) -> list[str]:
    return [
        event["stateEnteredEventDetails"]["name"]
        for event in app.system.history(execution)
        if "stateEnteredEventDetails" in event
    ]


@pytest.fixture(scope="module")
def first(app: App, sample: list[dict[str, str]]) -> str:
    """A run that has nothing to compare with, and so doesn't wait."""
    settle(app, "classic-11")
    execution = app.upload(sample[:600], "orders.csv", tenant=TENANT)
    assert app.finish(execution)["status"] == "SUCCEEDED", app.system.error_of(execution)
    return execution


@pytest.fixture(scope="module")
def held(app: App, first: str, sample: list[dict[str, str]]) -> dict[str, Any]:
    """A run by another definition, which waits, and one behind it. The first is rejected."""
    settle(app, "grid-10")
    app.forget()
    facts: dict[str, Any] = {"before": app.history(TENANT)}
    facts["held"] = app.upload(sample[:620], "orders.csv", tenant=TENANT)
    facts["waiting"] = the_one_waiting(app)
    facts["messages"] = app.messages()
    facts["next"] = app.upload(sample[:650], "orders.csv", tenant=TENANT)
    until(lambda: "WaitForTurn" in states(app, facts["next"]))
    facts["token"] = app.runs.token(TENANT, facts["waiting"].run_id)
    facts["item"] = app.runs.get(TENANT, facts["waiting"].run_id)
    with connected(app.system.endpoint) as remote:
        run = remote.approvals.find(facts["waiting"].run_id[:8])
        remote.approvals.decide(run, "reject", why="the definition is not agreed on")
    app.finish(facts["held"])
    return facts


def test_a_run_with_nothing_to_compare_goes_through(app, first):
    assert "AwaitApproval" in states(app, first)


def test_another_definition_makes_the_run_wait_and_says_why(app, held):
    run = held["waiting"]
    assert run.tenant == TENANT
    assert "Activation waits for an approval" in run.reason
    assert "the definition changed" in run.reason or "definition" in run.reason
    assert any(run.reason in text and "aws lambda invoke" in text for text in held["messages"])


def test_nothing_was_sent_meanwhile(app, held):
    assert "MapSchema" not in states(app, held["held"])
    key = naming.destination_prefix(TENANT, held["waiting"].run_id, "export")
    assert app.system.keys(app.system.identities_bucket, key) == []


def test_the_token_is_in_the_table_and_nowhere_else(app, held):
    token = held["token"]
    assert token
    assert token not in str(held["item"])
    assert not [text for text in held["messages"] if token in text]
    assert not [line for _, line in app.system.logs() if token in line]
    for bucket in (app.system.data_bucket, app.system.identities_bucket):
        for key in app.system.keys(bucket, naming.tenant_prefix(TENANT)):
            assert token.encode() not in app.system.read(bucket, key), key


def test_a_rejected_run_fails_with_the_reason_and_earlier_results_stay(app, first, held):
    record = app.system.error_of(held["held"])
    assert record is not None
    assert (record["state"], record["error"]) == ("AwaitApproval", "NotApproved")
    assert "the definition is not agreed on" in record["message"]
    item = app.runs.get(TENANT, held["waiting"].run_id)
    assert (item.status, item.decision) == ("FAILED", "reject")
    latest = app.system.read_json(app.system.data_bucket, naming.latest_key(TENANT))
    assert latest["run_id"] == app.run(first)[1]
    assert "The upload was not kept" in record["history"]
    # The run behind it stores the same upload, beside what counts.
    assert held["before"].items() <= app.history(TENANT).items()
    assert held["waiting"].run_id.encode() not in b"".join(app.history(TENANT).values())


@pytest.fixture(scope="module")
def approved(app: App, held: dict[str, Any]) -> WaitingRun:
    """The run behind the rejected one, which waits in its turn and is approved."""
    run = the_one_waiting(app)
    assert app.run(held["next"]) == (TENANT, run.run_id)
    app.system.approvals.decide(run, "approve")
    ended = app.finish(held["next"])
    assert ended["status"] == "SUCCEEDED", app.system.error_of(held["next"])
    return run


def test_the_next_run_has_its_turn_then_and_an_approval_lets_it_through(app, held, approved):
    assert states(app, held["next"])[-1] == "Finished"
    assert app.runs.get(TENANT, approved.run_id).decision == "approve"
    latest = app.system.read_json(app.system.data_bucket, naming.latest_key(TENANT))
    assert latest["run_id"] == approved.run_id
    with pytest.raises(InvalidInput, match="was approved already"):
        app.system.approvals.decide(approved, "approve")


def test_a_limit_of_one_never_waits(app, approved, sample):
    settle(app, "nine", limit=1.0)
    execution = app.upload(sample[:700], "orders.csv", tenant=TENANT)
    assert app.finish(execution)["status"] == "SUCCEEDED", app.system.error_of(execution)


def test_a_run_may_be_approved_in_advance(app, approved, sample):
    settle(app, "aws-guidance")
    out = io.StringIO()
    terminal = Terminal(out)
    execution = app.upload(sample[:710], "orders.csv", tenant=TENANT)
    here = Here(approve=True, terminal=terminal)
    show(app.system, execution, terminal, decide=here)
    assert app.finish(execution)["status"] == "SUCCEEDED", app.system.error_of(execution)
    printed = out.getvalue()
    assert "AwaitApproval" in printed
    assert "waits for an approval" in printed
    assert "nothing was sent" in " ".join(printed.split())


class Decided:
    """Approvals with one run that waits."""

    def __init__(self) -> None:
        self.decisions: list[tuple[str, str]] = []

    def waiting(self):
        return [] if self.decisions else [RUN]

    def decide(self, run, verb, *, why=""):
        self.decisions.append((verb, why))


RUN = WaitingRun(tenant="acme", run_id="0123456789abcdef", reason="Too many.", until="2026-11-29")


@pytest.mark.parametrize(
    ("approve", "answer", "verb"),
    [(True, None, "approve"), (False, "y", "approve"), (False, "Yes ", "approve"),
     (False, "", "reject"), (False, None, "reject")],
)  # fmt: skip
def test_the_answer_decides_and_nobody_to_ask_is_a_no(approve, answer, verb):
    approvals, terminal = Decided(), Terminal(io.StringIO())
    ask = None if answer is None else lambda _: answer
    Here(approve=approve, terminal=terminal, ask=ask)(approvals)
    ((decided, why),) = approvals.decisions
    assert decided == verb
    assert approve or answer is not None or "--approve" in why


def test_a_run_that_waits_is_shown_with_what_to_type():
    text = "\n".join(lines(RUN, commands=commands(RUN, endpoint="http://127.0.0.1:1")))
    assert "Too many." in text
    assert "tessera approve 0123456789abcdef --endpoint http://127.0.0.1:1" in text
    assert "tessera reject 0123456789abcdef --why" in text


class Serving:
    """A system with one run that is under way and waits."""

    endpoint = "http://127.0.0.1:4711"
    approvals = Decided()

    def executions(self):
        return ["one"]

    def describe(self, execution):
        return {"status": "RUNNING", "input": {"key": "uploads/orders.csv"}}


def test_serve_shows_a_run_that_waits_once():
    out = io.StringIO()
    reporter = RunReporter(system=Serving(), terminal=Terminal(out))
    reporter.report()
    reporter.report()
    assert out.getvalue().count("Too many.") == 1
    assert f"approve {RUN.run_id} --endpoint http://127.0.0.1:4711" in out.getvalue()


class Table:
    """DynamoDB and Lambda, as far as approvals ask them."""

    def __init__(self, *run_ids: str) -> None:
        self._run_ids = run_ids

    def __call__(self, service):
        return self

    def get_paginator(self, name):
        return self

    def paginate(self, **asked):
        assert "approval_token" not in asked["ProjectionExpression"]
        item = {"tenant": {"S": "acme"}, "waits_for": {"S": "why"}, "waits_until": {"S": "then"}}
        return [{"Items": [{**item, "run_id": {"S": one}} for one in self._run_ids]}]

    def invoke(self, **asked):
        error = json.dumps({"errorType": "InvalidInput", "errorMessage": "no longer waits"})
        return {"FunctionError": "Unhandled", "Payload": io.BytesIO(error.encode())}


def test_a_run_is_found_by_the_beginning_of_its_id():
    approvals = Approvals(Table("ab1", "cd2", "cd3"), table="t", function="f")
    assert approvals.find("ab").run_id == "ab1"
    for name, words in (
        ("cd", "several waiting runs"), ("ef", "no waiting run.*ab1"), ("", "several waiting runs"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput, match=words):
            approvals.find(name)
    with pytest.raises(InvalidInput, match="nothing waits"):
        Approvals(Table(), table="t", function="f").find("ab")


def test_what_the_function_refuses_is_an_error():
    approvals = Approvals(Table("ab1"), table="t", function="f")
    with pytest.raises(InvalidInput, match="no longer waits"):
        approvals.decide(RUN, "approve")


@pytest.mark.parametrize(
    ("endpoint", "words"),
    [
        ("http://127.0.0.1:9", "there is no response"),
        ("https://example.com", "not on this machine"),
    ],
)
def test_an_endpoint_without_the_app_is_an_error(endpoint, words):
    with pytest.raises(InvalidInput, match=words), connected(endpoint):
        pass
