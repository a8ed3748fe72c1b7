"""What is too large for a function is done by its job, in machines that really run."""

from __future__ import annotations

import dataclasses
import json
import uuid
from typing import Any

import pytest

from infra.kit.states import Function
from infra.pipeline.steps import SmallJob, Steps, small_or_job
from local.aws.server import EmbeddedAws
from tests.local.battery import CAUGHT, FUNCTION, Case, create, finish, passes, processing

NOTHING: dict[str, Any] = {}
UNUSED = Function(arn=FUNCTION, timeout_seconds=3)
CALLED = {
    "too large": {"raise": "TooLarge"},
    "killed": {"exit": True},
    "out of time": {"sleep": 9},
}


def steps(event: dict[str, Any]) -> Steps:
    """Return what the states call, of which one job has a function: it does what an event says."""
    functions = dict.fromkeys(
        (f.name for f in dataclasses.fields(Steps) if f.type == "Function"), UNUSED
    )
    requests = {f.name: NOTHING for f in dataclasses.fields(Steps) if f.type == "dict[str, Any]"}
    return Steps(
        **functions, **requests, partition="aws", job_seconds=60, spark_from_bytes=1,
        approval_seconds=1, load_seconds=1, run_seconds=60, small_bytes=1,
        small={"Score": SmallJob(function=UNUSED, event=event)},
    )  # fmt: skip


def machine_of(event: dict[str, Any], *, what: str = "ok") -> dict[str, Any]:
    """Return the product's own states of a job, between a beginning and an end."""
    job = {**processing(what), "Next": "End"}
    del job["End"]
    states = dict(small_or_job(steps(event), "Score", job, following="End"))
    begin = {
        "Type": "Pass", "Assign": {"small": "{% $states.input.small %}", "seconds": {}},
        "Next": "Score?",
    }  # fmt: skip
    kept = "{% {'small': $small, 'seconds': $seconds} %}"
    return {
        "QueryLanguage": "JSONata", "StartAt": "Begin",
        "States": {"Begin": begin, **states, "End": {**CAUGHT, "Output": kept}},
    }  # fmt: skip


def ran(aws: EmbeddedAws, definition: dict[str, Any], *, small: bool) -> tuple[Any, list[str]]:
    """Run a machine. Return its output, and the tasks that it entered."""
    client = aws.client("stepfunctions")
    arn = create(aws, f"small-{uuid.uuid4().hex[:8]}", definition)
    execution = client.start_execution(stateMachineArn=arn, input=json.dumps({"small": small}))
    ended = finish(aws, execution["executionArn"])
    assert ended["status"] == "SUCCEEDED", ended.get("cause")
    history = client.get_execution_history(executionArn=execution["executionArn"])["events"]
    entered = [
        event["stateEnteredEventDetails"]["name"]
        for event in history
        if "stateEnteredEventDetails" in event
    ]
    return json.loads(ended["output"]), entered


def test_a_small_job_runs_in_the_function_alone(furnished: EmbeddedAws):
    output, entered = ran(furnished, machine_of({}), small=True)
    assert entered == ["Begin", "Score?", "ScoreInFunction", "End"]
    assert output == {"small": True, "seconds": {"ScoreInFunction": 1}}


def test_a_large_one_calls_no_function(furnished: EmbeddedAws):
    output, entered = ran(furnished, machine_of({"raise": "Known"}), small=False)
    assert entered == ["Begin", "Score?", "Score", "End"]
    assert output["small"] is False


@pytest.mark.parametrize("event", CALLED.values(), ids=CALLED.keys())
def test_what_is_too_large_goes_on_in_the_job_and_what_follows_is_too(
    furnished: EmbeddedAws, event: dict[str, Any]
):
    output, entered = ran(furnished, machine_of(event), small=True)
    assert entered == ["Begin", "Score?", "ScoreInFunction", "Score", "End"]
    assert output["small"] is False


def test_another_error_fails_the_run(furnished: EmbeddedAws):
    passes(
        furnished,
        Case("fault", machine_of({"raise": "Known"}), given={"small": True}, ends="FAILED:Known"),
    )
