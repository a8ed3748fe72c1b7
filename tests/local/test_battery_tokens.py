"""The gate for a new version of moto: states that wait until somebody answers their token."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from local.aws.server import EmbeddedAws
from tests.local.battery import (
    CAUGHT,
    FUNCTION,
    QUEUE,
    Case,
    caught,
    cause,
    create,
    finish,
    machine,
    passes,
    retry,
    task,
)

WAIT = "arn:aws:states:::lambda:invoke.waitForTaskToken"


def waits(payload: dict[str, Any], **more: Any) -> dict[str, Any]:
    token = {"token": "{% $states.context.Task.Token %}"}
    return task(WAIT, {"FunctionName": FUNCTION, "Payload": {**payload, **token}}, **more)


class Asked:
    """An execution whose state has asked for an answer, and the token that it gave."""

    def __init__(self, aws: EmbeddedAws, **more: Any) -> None:
        self.states = aws.client("stepfunctions")
        self._aws = aws
        arn = create(
            aws, f"battery-{uuid.uuid4().hex[:8]}", machine(A=waits({}, **more), Caught=CAUGHT)
            if "Catch" in more else machine(A=waits({}, **more)),
        )  # fmt: skip
        self.arn = self.states.start_execution(stateMachineArn=arn)["executionArn"]
        self.token = self._until(self._submitted)

    def events(self) -> list[dict[str, Any]]:
        return list(self.states.get_execution_history(executionArn=self.arn)["events"])

    def ended(self) -> dict[str, Any]:
        return finish(self._aws, self.arn)

    def _submitted(self) -> str | None:
        """Return the token once the function has replied."""
        events = {event["type"]: event for event in self.events()}
        if "TaskSubmitted" not in events:
            return None
        given = json.loads(events["TaskScheduled"]["taskScheduledEventDetails"]["parameters"])
        return str(given["Payload"]["token"])

    @staticmethod
    def _until(condition: Callable[[], str | None]) -> str:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if (value := condition()) is not None:
                return value
            time.sleep(0.05)
        raise AssertionError("the function was not called")


def test_a_success_is_the_states_result(furnished: EmbeddedAws):
    asked = Asked(furnished, Output="{% $states.result.decision %}")
    asked.states.send_task_success(taskToken=asked.token, output='{"decision": "approve"}')
    ended = asked.ended()
    assert (ended["status"], json.loads(ended["output"])) == ("SUCCEEDED", "approve")


def test_a_failure_keeps_its_error_and_its_cause(furnished: EmbeddedAws):
    asked = Asked(furnished, Catch=caught("NotApproved"))
    asked.states.send_task_failure(taskToken=asked.token, error="NotApproved", cause="too many")
    ended = asked.ended()
    assert json.loads(ended["output"]) == {"Error": "NotApproved", "Cause": "too many"}


def test_a_failure_that_nobody_catches_ends_the_execution(furnished: EmbeddedAws):
    asked = Asked(furnished)
    asked.states.send_task_failure(taskToken=asked.token, error="NotApproved", cause="too many")
    ended = asked.ended()
    assert (ended["status"], ended["error"], ended["cause"]) == (
        "FAILED", "NotApproved", "too many",
    )  # fmt: skip


def test_a_token_is_answered_once(furnished: EmbeddedAws):
    asked = Asked(furnished)
    asked.states.send_task_success(taskToken=asked.token, output="{}")
    gone = asked.states.exceptions.TaskTimedOut
    with pytest.raises(gone, match="not exist anymore"):
        asked.states.send_task_failure(taskToken=asked.token, error="Late")
    assert asked.ended()["status"] == "SUCCEEDED"
    with pytest.raises(gone):
        asked.states.send_task_success(taskToken=asked.token, output="{}")


def test_a_wait_that_is_over_takes_no_answer(furnished: EmbeddedAws):
    asked = Asked(furnished, TimeoutSeconds=1, Catch=caught("States.Timeout"))
    assert json.loads(asked.ended()["output"])["Error"] == "States.Timeout"
    with pytest.raises(asked.states.exceptions.TaskTimedOut):
        asked.states.send_task_success(taskToken=asked.token, output="{}")


def test_a_stopped_execution_takes_no_answer(furnished: EmbeddedAws):
    asked = Asked(furnished, TimeoutSeconds=600_000)
    asked.states.stop_execution(executionArn=asked.arn)
    assert asked.ended()["status"] == "ABORTED"
    with pytest.raises(asked.states.exceptions.TaskTimedOut):
        asked.states.send_task_success(taskToken=asked.token, output="{}")


def test_wrong_tokens_and_wrong_outputs_are_refused(furnished: EmbeddedAws):
    asked = Asked(furnished)
    with pytest.raises(asked.states.exceptions.InvalidToken):
        asked.states.send_task_success(taskToken="no such token", output="{}")
    with pytest.raises(asked.states.exceptions.InvalidOutput):
        asked.states.send_task_success(taskToken=asked.token, output="no JSON")
    asked.states.send_task_success(taskToken=asked.token, output="{}")
    assert asked.ended()["status"] == "SUCCEEDED"


def test_a_retry_has_a_token_of_its_own(furnished: EmbeddedAws):
    definition = machine(A=waits({"raise": True}, Retry=retry("Known", 1)))
    arn = create(furnished, f"battery-{uuid.uuid4().hex[:8]}", definition)
    states = furnished.client("stepfunctions")
    execution = states.start_execution(stateMachineArn=arn)["executionArn"]
    assert finish(furnished, execution)["error"] == "Known"
    tokens = [
        json.loads(event["taskScheduledEventDetails"]["parameters"])["Payload"]["token"]
        for event in states.get_execution_history(executionArn=execution)["events"]
        if event["type"] == "TaskScheduled"
    ]
    assert len(set(tokens)) == len(tokens) == 2


@pytest.mark.parametrize("case", [
    Case("lambda raises", machine(A=waits({"raise": True}, Catch=caught("Known")), Caught=CAUGHT),
         lambda o: cause(o)["errorMessage"] == "as requested"),
    Case("answered by a message's reader", machine(
        A=task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", {
            "QueueUrl": QUEUE, "MessageBody": {"token": "{% $states.context.Task.Token %}"}},
            TimeoutSeconds=20)), lambda o: o == {"answered": True}),
], ids=lambda case: case.name.replace(" ", "-"))  # fmt: skip
def test_moto_runs(furnished: EmbeddedAws, case: Case):
    passes(furnished, case)
