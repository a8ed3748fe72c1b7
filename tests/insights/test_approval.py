"""The notification about a run that waits, and which answers are valid."""

from __future__ import annotations

import dataclasses
import json
import shlex

import pytest

from tessera.errors import InvalidInput
from tessera.insights.approval import Decision, event_detail, notification
from tessera.records.runs.run_item import WaitingRun
from tessera.records.scoring.movement import Breaker, Move

RUN = "0123456789abcdef"
WAITING = WaitingRun(
    tenant="acme", run_id=RUN, reason="5 of 10 customers would move.",
    until="2026-11-29T03:00:00+00:00", expected_cost="Expected cost of a run on AWS: $0.02.",
)  # fmt: skip


def parse(**fields):
    return Decision.parse({"tenant": "acme", "run_id": RUN, "decision": "approve", **fields})


def test_the_commands_are_what_a_shell_and_the_function_accept():
    subject, text = notification(WAITING, function="decide", region="eu-west-1")
    assert subject == "Tessera: a run waits for your approval (acme)"
    assert WAITING.reason in text
    assert WAITING.until in text
    assert WAITING.expected_cost in text.splitlines()
    commands = [shlex.split(line) for line in text.splitlines() if "aws lambda invoke" in line]
    payloads = [json.loads(words[words.index("--payload") + 1]) for words in commands]
    decisions = [Decision.parse(payload) for payload in payloads]
    assert [one.verb for one in decisions] == ["approve", "reject"]
    assert {(one.tenant, one.run_id) for one in decisions} == {("acme", RUN)}
    assert all("eu-west-1" in words and "decide" in words for words in commands)


def test_the_event_has_the_counts_and_no_customer():
    move = Move(source="A", to="B", cause="definition_changed", customers=5)
    breaker = Breaker(
        waits=True, share=0.5, limit=0.3, changed=5, customers=10, movements=(move,), reason=""
    )
    detail = event_detail(WAITING, breaker=breaker)
    assert (detail.run_id, detail.reason) == (RUN, WAITING.reason)
    assert (detail.changed, detail.customers) == (5, 10)
    assert "movements" not in dataclasses.asdict(detail)


def test_the_default_tenant_need_not_be_named():
    assert Decision.parse({"run_id": RUN, "decision": "reject"}).tenant == "default"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"decision": "maybe"}, '\'maybe\'.*"approve" or "reject"'),
        ({"decision": None}, "the decision is None"),
        ({"run_id": "../x"}, "the run is '../x'"),
        ({"run_id": None}, "the run is None"),
        ({"tenant": "No Such"}, "tenant 'No Such'"),
        ({"token": "x"}, "unknown field 'token'"),
        ({"by": 3}, "'by' must be a text"),
        ({"why": "x" * 501}, "'why' must be a text of at most 500"),
    ],
)
def test_a_request_that_cannot_be_understood_says_what_was_expected(fields, words):
    with pytest.raises(InvalidInput, match=words):
        parse(**fields)


def test_a_rejection_reads_as_a_sentence_with_or_without_a_name():
    named = parse(decision="reject", by="Ann", why="the export\n is broken").rejection
    assert named == ("the run waited for an approval and was rejected by Ann: the export is broken")
    assert parse(decision="reject").rejection.endswith(
        "rejected by somebody who gave no name: no reason was given"
    )


def test_addresses_do_not_pass():
    decision = parse(by="ann@example.com", why="ask +1 212 555-0123")
    assert "example.com" not in json.dumps(decision.outcome)
    assert "0123" not in json.dumps(decision.outcome)
