"""Executions by name: what was started already is not started again."""

from __future__ import annotations

import datetime as dt
import json

import boto3
import pytest
from botocore.stub import Stubber

from adapters.aws.executions import Executions
from tessera.errors import InvalidInput, Refused, Retryable

MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:tessera-dev"
EVENT = {"trigger": "schedule", "tenant": "acme", "time": "2026-12-01T03:00:00Z"}
SENT = {
    "stateMachineArn": MACHINE,
    "name": "daily-acme-2026-12-01",
    "input": json.dumps(EVENT, sort_keys=True),
}


BEGAN = dt.datetime(2026, 12, 1, 3, tzinfo=dt.UTC)
ENDED = dt.datetime(2026, 12, 1, 4, tzinfo=dt.UTC)


def execution():
    arn = MACHINE.replace("stateMachine", "execution")
    return {
        "executionArn": f"{arn}:x", "stateMachineArn": MACHINE, "name": "x", "status": "RUNNING",
        "startDate": BEGAN, "stopDate": ENDED,
    }  # fmt: skip


@pytest.fixture
def states(aws_environment):
    return boto3.client("stepfunctions")


def start(states):
    return Executions(MACHINE, states=states).start("daily-acme-2026-12-01", EVENT)


def test_an_execution_is_started_with_its_event(states):
    with Stubber(states) as stubber:
        arn = f"{MACHINE.replace('stateMachine', 'execution')}:x"
        answer = {"executionArn": arn, "startDate": 0}
        stubber.add_response("start_execution", answer, SENT)
        start(states)
        stubber.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("ExecutionLimitExceeded", Refused),
        ("ThrottlingException", Retryable),
        ("AccessDeniedException", Refused),
        ("StateMachineDoesNotExist", InvalidInput),
    ],
)
def test_what_step_functions_errors_mean(states, code, meaning):
    with Stubber(states) as stubber:
        stubber.add_client_error("start_execution", code)
        with pytest.raises(meaning):
            start(states)


def test_executions_under_way_are_listed_to_the_last_page(states):
    with Stubber(states) as stubber:
        for token, following in ((None, "more"), ("more", None)):
            sent = {"stateMachineArn": MACHINE, "statusFilter": "RUNNING"}
            page = {"executions": [execution()]} | ({"nextToken": following} if following else {})
            stubber.add_response(
                "list_executions", page, sent | ({"nextToken": token} if token else {})
            )
        assert len(Executions(MACHINE, states=states).running()) == 2


@pytest.mark.parametrize("listed", [[], ["one"]])
def test_the_last_success_is_when_it_ended(states, listed):
    sent = {"stateMachineArn": MACHINE, "statusFilter": "SUCCEEDED", "maxResults": 1}
    with Stubber(states) as stubber:
        stubber.add_response("list_executions", {"executions": [execution() for _ in listed]}, sent)
        last = Executions(MACHINE, states=states).last_success()
    assert last == (ENDED if listed else None)


def test_an_execution_of_that_name_is_not_started_again(states):
    with Stubber(states) as stubber:
        stubber.add_client_error("start_execution", "ExecutionAlreadyExists")
        start(states)
        stubber.assert_no_pending_responses()


def test_states_are_listed_in_order_with_their_ends(states):
    def event(kind, name, at, number):
        details = {f"state{kind}EventDetails": {"name": name}}
        return {"id": number, "type": f"TaskState{kind}", "timestamp": at, **details}

    events = [
        event("Entered", "Prepare", BEGAN, 1),
        event("Exited", "Prepare", ENDED, 2),
        event("Entered", "Score", ENDED, 3),
    ]
    with Stubber(states) as stubber:
        stubber.add_response("get_execution_history", {"events": events})
        listed = Executions(MACHINE, states=states).states(execution()["executionArn"])
    assert listed == [("Prepare", BEGAN, ENDED), ("Score", ENDED, None)]


def test_an_execution_that_step_functions_forgot_has_no_states(states):
    with Stubber(states) as stubber:
        stubber.add_client_error("get_execution_history", "ExecutionDoesNotExist")
        assert Executions(MACHINE, states=states).states("arn:gone") == []
    assert Executions(MACHINE, states=states).states("") == []
