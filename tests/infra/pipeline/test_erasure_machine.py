"""The state machine of erasures: its shape, its expressions, its ways to fail."""

from __future__ import annotations

import json

import pytest

from infra.kit.states import Function, jsonata
from infra.pipeline.erasure import ErasureSteps, erasure_definition
from tests.infra.linting import findings
from tests.infra.pipeline import asl

ARN = "arn:aws:lambda:us-east-1:111122223333:function"
CONTEXT = {
    "Execution": {"Id": "arn:aws:states:us-east-1:111122223333:execution:m:e", "Name": "e"},
    "State": {"RetryCount": 1},
    "Map": {"Item": {"Value": "klaviyo"}},
}
CASE = "dsr-2026-11-30-0017"


@pytest.fixture(scope="module")
def erasing():
    return erasure_definition(
        ErasureSteps(
            begin=Function(f"{ARN}:begin:live", 150),
            erase={
                "ProcessingJobName": jsonata("'tessera-dev-erase-' & $run_id"),
                "AppSpecification": {"ContainerArguments": ["erase", "--case", jsonata("$case")]},
            },
            at_destination=Function(f"{ARN}:there:live", 870),
            finish=Function(f"{ARN}:finish:live", 330),
            partition="aws",
            job_seconds=4 * 3600,
            most_seconds=15 * 86_400,
        )
    )


def seen(**more):
    return {
        "states": {
            "input": {
                "tenant": "acme", "case": CASE, "status": "READY", "destinations": ["klaviyo"],
                "destination": "klaviyo", "wait_seconds": 30, "state": "EraseData",
                "error": {"Error": "States.TaskFailed", "Cause": "{}"},
            },
            "context": CONTEXT,
            "result": {"Payload": {"status": "READY"}},
            "errorOutput": {"Error": "Refused", "Cause": "{}"},
        },
        "tenant": "acme", "case": CASE, "run_id": CASE[:16], "began_ms": 1,
        "destinations": ["klaviyo"], **more,
    }  # fmt: skip


def test_it_goes_from_the_turn_over_the_data_to_each_destination_and_the_end(erasing):
    path, name = [], erasing["StartAt"]
    while name:
        path.append(name)
        state = erasing["States"][name]
        name = state.get("Choices", [{}])[0].get("Next") or state.get("Next")
    assert path == [
        "NameErasure", "BeginErasure", "ItsTurn?", "EraseData", "EraseEverywhere",
        "FinishErasure", "ErasureEnded",
    ]  # fmt: skip


def test_every_state_is_reachable_and_every_expression_has_a_result(erasing):
    for each in asl.machines(erasing):
        reached, todo = set(), [each["StartAt"]]
        while todo:
            name = todo.pop()
            if name not in reached:
                reached.add(name)
                todo += asl.targets(each["States"][name])
        assert reached == set(each["States"])
    for state in asl.states(erasing).values():
        asl.evaluate(asl.own(state), seen())


def test_a_case_has_a_short_name_for_its_job(erasing):
    named = asl.evaluate(erasing["States"]["NameErasure"]["Assign"], seen())
    assert (named["tenant"], named["case"], named["run_id"]) == ("acme", CASE, CASE[:16])


@pytest.mark.parametrize(
    ("status", "following"),
    [("READY", "EraseData"), ("QUEUED", "WaitForErasure"), ("ENDED", "NothingToErase")],
)
def test_only_its_turn_begins_and_who_is_queued_asks_again(erasing, status, following):
    state = erasing["States"]["ItsTurn?"]
    reply = {"states": {"input": {"status": status}}}
    met = [c["Next"] for c in state["Choices"] if asl.evaluate(c["Condition"], reply) is True]
    assert (met or [state["Default"]]) == [following]
    assert erasing["States"]["WaitForErasure"]["Next"] == "BeginErasure"


def test_a_lost_container_is_started_again_and_nobody_retries_everything(erasing):
    retried = {
        name: {error for rule in state["Retry"] for error in rule["ErrorEquals"]}
        for name, state in asl.states(erasing).items()
        if state["Type"] == "Task"
    }
    assert {"States.TaskFailed", "SageMaker.AmazonSageMakerException"} <= retried["EraseData"]
    assert all("States.ALL" not in errors for errors in retried.values())
    assert all("Retryable" in errors for name, errors in retried.items() if name != "EraseData")


def test_a_destination_that_fails_leaves_the_others_and_the_receipt_alone(erasing):
    inner = erasing["States"]["EraseEverywhere"]["ItemProcessor"]["States"]
    [catch] = inner["EraseAtDestination"]["Catch"]
    assert (catch["ErrorEquals"], catch["Next"]) == (["States.ALL"], "NotErasedThere")
    assert inner["NotErasedThere"]["End"] is True
    payload = asl.evaluate(inner["EraseAtDestination"]["Arguments"]["Payload"], seen())
    assert payload == {"tenant": "acme", "case": CASE, "destination": "klaviyo"}


def test_a_destination_is_called_until_everybody_was_asked_for(erasing):
    inner = erasing["States"]["EraseEverywhere"]["ItemProcessor"]["States"]
    assert inner["EraseAtDestination"]["Next"] == "AllAsked?"
    [more] = inner["AllAsked?"]["Choices"]
    assert more["Next"] == "EraseAtDestination"
    for status, goes_on in (("MORE", True), ("DONE", False), ("FAILED", False)):
        reply = {"states": {"input": {"status": status}}}
        assert (asl.evaluate(more["Condition"], reply) is True) == goes_on
    assert inner[inner["AllAsked?"]["Default"]]["End"] is True


def test_every_error_gives_the_turn_back_and_then_fails(erasing):
    for name, state in erasing["States"].items():
        if state["Type"] in {"Task", "Map"} and name != "FailErasure":
            *_, catch = state["Catch"]
            assert (catch["ErrorEquals"], catch["Next"]) == (["States.ALL"], "FailErasure")
    fail = erasing["States"]["FailErasure"]
    payload = asl.evaluate(fail["Arguments"]["Payload"], seen())
    assert payload["execution_arn"] == CONTEXT["Execution"]["Id"]
    assert (payload["state"], payload["error"]["Error"]) == ("EraseData", "States.TaskFailed")
    assert fail["Next"] == "ErasureFailed"
    assert erasing["States"]["ErasureFailed"]["Type"] == "Fail"


def test_no_input_of_a_state_names_anybody(erasing):
    """Step Functions keeps inputs for 90 days: a case number is all that an execution knows."""
    for state in asl.states(erasing).values():
        payload = state.get("Arguments", {}).get("Payload", {})
        assert {*payload} <= {
            "tenant", "case", "execution_arn", "began_ms", "destination", "state", "error",
        }  # fmt: skip


def test_the_definition_of_erasures_is_valid(erasing):
    properties = {
        "RoleArn": "arn:aws:iam::111122223333:role/machine",
        "DefinitionString": json.dumps(erasing),
    }
    resource = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
    assert not findings([{"Resources": {"Machine": resource}}], region="us-east-1")
