"""Executions by name: what was started already is not started again."""

from __future__ import annotations

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


def test_an_execution_of_that_name_is_not_started_again(states):
    with Stubber(states) as stubber:
        stubber.add_client_error("start_execution", "ExecutionAlreadyExists")
        start(states)
        stubber.assert_no_pending_responses()
