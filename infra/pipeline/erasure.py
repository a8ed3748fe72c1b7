"""The state machine of erasures, as one reads it: the turn, the data, each destination, the end."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from infra.kit.states import (
    PROCESSING,
    QUEUE_SECONDS,
    Function,
    State,
    call,
    caught,
    in_order,
    job,
    jsonata,
    text,
)
from infra.pipeline.steps import wait_for_turn

_FAIL = "FailErasure"
_AT_ONCE = 4  # destinations
_CASE = {"tenant": jsonata("$tenant"), "case": jsonata("$case")}
_TURN = {**_CASE, "execution_arn": jsonata("$states.context.Execution.Id")}
# An erasure goes on where it was, so a container that was lost costs time and nothing else.
_LOST = {
    "ErrorEquals": ["States.TaskFailed"],
    "IntervalSeconds": 60,
    "MaxAttempts": 2,
    "BackoffRate": 2,
    "JitterStrategy": "FULL",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class ErasureSteps:
    """What the states call: functions, and the request that starts the job."""

    begin: Function
    erase: Mapping[str, Any]
    at_destination: Function
    finish: Function
    partition: str
    job_seconds: int
    most_seconds: int


def erasure_definition(steps: ErasureSteps) -> dict[str, Any]:
    """Return the whole machine in Amazon States Language."""
    erasure = [
        ("NameErasure", _name()),
        ("BeginErasure", _call(steps, steps.begin, {**_TURN, "began_ms": jsonata("$began_ms")})),
        ("ItsTurn?", _its_turn()),
        ("EraseData", _erase(steps)),
        ("EraseEverywhere", _everywhere(steps)),
        ("FinishErasure", _call(steps, steps.finish, _TURN)),
        ("ErasureEnded", {"Type": "Succeed"}),
    ]
    guarded = [
        (name, caught(name, state, by=_FAIL) if state["Type"] in {"Task", "Map"} else state)
        for name, state in erasure
    ]
    ends = [
        ("WaitForErasure", wait_for_turn(following="BeginErasure")),
        ("NothingToErase", {"Type": "Succeed", "Comment": "Done already, or refused"}),
        (_FAIL, _fail(steps)),
        ("ErasureFailed", _failed()),
    ]
    return {
        "Comment": "Tessera: people out of everything that is stored, and a signed receipt",
        "QueryLanguage": "JSONata",
        "StartAt": "NameErasure",
        "TimeoutSeconds": steps.most_seconds,
        "States": in_order([*guarded, *ends]),
    }


def _name() -> State:
    """Keep the case for all states. A job's name has room for its start."""
    return {
        "Type": "Pass",
        "Assign": {
            "tenant": jsonata("$states.input.tenant"),
            "case": jsonata("$states.input.case"),
            "run_id": jsonata("$substring($states.input.case, 0, 16)"),
            "began_ms": jsonata("$millis()"),
        },
    }


def _its_turn() -> State:
    ready = {
        "Condition": jsonata("$states.input.status = 'READY'"),
        "Assign": {"destinations": jsonata("$states.input.destinations")},
        "Next": "EraseData",
    }
    queued = {"Condition": jsonata("$states.input.status = 'QUEUED'"), "Next": "WaitForErasure"}
    return {"Type": "Choice", "Choices": [ready, queued], "Default": "NothingToErase"}


def _erase(steps: ErasureSteps) -> State:
    state = job(
        PROCESSING,
        steps.erase,
        partition=steps.partition,
        timeout_seconds=steps.job_seconds + QUEUE_SECONDS,
    )
    return {**state, "Retry": [*state["Retry"], _LOST]}


def _everywhere(steps: ErasureSteps) -> State:
    """Ask each destination. One that fails is in the receipt, and the others are asked too."""
    event = {**_CASE, "destination": jsonata("$states.input.destination")}
    ask = _call(steps, steps.at_destination, event)
    states: list[tuple[str, State]] = [
        (
            "EraseAtDestination",
            caught("EraseAtDestination", ask, by="NotErasedThere"),
        ),
        ("AllAsked?", _all_asked()),
        ("ErasedThere", {"Type": "Pass", "End": True}),
        ("NotErasedThere", {"Type": "Pass", "Output": {"status": "FAILED"}, "End": True}),
    ]
    return {
        "Type": "Map",
        "Items": jsonata("$destinations"),
        "ItemSelector": {"destination": jsonata("$states.context.Map.Item.Value")},
        "MaxConcurrency": _AT_ONCE,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "INLINE"},
            "StartAt": "EraseAtDestination",
            "States": in_order(states),
        },
    }


def _all_asked() -> State:
    """Call again where there was no time for everybody: it goes on where it was."""
    more = {"Condition": jsonata("$states.input.status = 'MORE'"), "Next": "EraseAtDestination"}
    return {"Type": "Choice", "Choices": [more], "Default": "ErasedThere"}


def _fail(steps: ErasureSteps) -> State:
    """Keep why the attempt failed, and end the turn. The clock tries again."""
    event = {
        **_TURN,
        "state": jsonata("$states.input.state"),
        "error": jsonata("$states.input.error"),
    }
    catch = {"ErrorEquals": ["States.ALL"], "Next": "ErasureFailed"}
    return {**_call(steps, steps.finish, event), "Catch": [catch], "Next": "ErasureFailed"}


def _failed() -> State:
    cause = text("An erasure of tenant $tenant failed. It is tried again every day")
    return {"Type": "Fail", "Error": "ErasureFailed", "Cause": cause}


def _call(steps: ErasureSteps, function: Function, event: Mapping[str, Any]) -> State:
    return call(
        function.arn,
        event,
        partition=steps.partition,
        timeout_seconds=function.timeout_seconds,
    )
