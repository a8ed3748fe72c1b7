"""The expressions of the state machine: what each gives for what a run shows it."""

from __future__ import annotations

import pytest

from infra import states as kinds
from tests.infra import asl
from tests.infra.samples import CONTEXT, EVENT, INPUTS, LONGEST_TENANT, RUN, arguments, sample


def test_every_expression_has_a_result(machine):
    count = 0
    for name, state in asl.states(machine).items():
        told = {key: value for key, value in state.items() if key != "ItemProcessor"}
        asl.evaluate(told, sample(name))
        count += len(list(asl.expressions(told)))
    assert count > 60


@pytest.mark.parametrize(
    ("event", "tenant"),
    [
        ({"trigger": "upload", "key": "uploads/x.csv"}, "default"),
        ({"trigger": "upload", "key": "uploads/acme/x.csv"}, "acme"),
        ({"trigger": "upload", "key": "uploads/acme/2026/_SUCCESS"}, "acme"),
        ({"trigger": "upload", "key": "uploads/Not A Tenant/x.csv"}, "default"),
        ({"trigger": "schedule", "tenant": "acme", "time": "2026-11-22T03:00:00Z"}, "acme"),
    ],
)
def test_a_run_has_a_name_before_anything_can_fail(machine, event, tenant):
    seen = {"states": {"input": event, "context": CONTEXT}}
    named = asl.evaluate(machine["States"]["NameRun"]["Assign"], seen)
    assert named == {"tenant": tenant, "run_id": EVENT.replace("_", "-"), "destinations": []}


def test_check_upload_gets_the_event_and_the_execution(machine):
    payload = arguments(machine, "CheckUpload")["Payload"]
    assert payload == INPUTS["CheckUpload"] | {
        "execution_arn": CONTEXT["Execution"]["Id"],
        "execution_name": EVENT,
    }


@pytest.mark.parametrize(
    ("status", "following"),
    [
        ("START", "Prepare"),
        ("QUEUED", "WaitForTurn"),
        ("DUPLICATE", "NothingToDo"),
        ("SUPERSEDED", "NothingToDo"),
        ("WAITING", "NothingToDo"),
    ],
)
def test_only_a_start_starts_and_who_is_queued_asks_again(machine, status, following):
    state = machine["States"]["Start?"]
    seen = {"states": {"input": {"status": status}}}
    met = [c["Next"] for c in state["Choices"] if asl.evaluate(c["Condition"], seen) is True]
    assert (met or [state["Default"]]) == [following]
    assert machine["States"]["NothingToDo"]["Type"] == "Succeed"
    assert machine["States"]["WaitForTurn"]["Next"] == "CheckUpload"


def test_activate_gives_each_destination_its_turn_and_progress(machine):
    run = {"tenant": LONGEST_TENANT, "run_id": RUN, "destination": "export"}
    assert arguments(machine, "StartLoad")["Payload"] == run
    assert arguments(machine, "PollLoad")["Payload"] == run | {"progress": {"part": 0}}
    assert arguments(machine, "EnsureSegments")["Payload"] == run | {"progress": {"part": 0}}


def test_fail_run_learns_what_failed_where(machine):
    assert arguments(machine, "FailRun")["Payload"] == {
        "tenant": LONGEST_TENANT,
        "run_id": RUN,
        "execution_arn": CONTEXT["Execution"]["Id"],
        **INPUTS["FailRun"],
    }


def test_a_template_becomes_an_expression():
    assert kinds.text("a/$tenant/b") == "{% 'a/' & $tenant & '/b' %}"
    assert kinds.text("$tenant") == "{% $tenant %}"
    assert kinds.text("a") == "{% 'a' %}"
