"""The state Activate: each destination loaded, its segments ensured, its failure reported."""

from __future__ import annotations

from infra.kit.states import FAIL_RUN, REPORT_FAILURE, State, caught, in_order, jsonata
from infra.pipeline.steps import RUN, Steps, call_step


def activate(steps: Steps) -> State:
    """Load each destination and ensure its segments. What takes long is polled.

    A destination's failure is reported, and the others continue.
    """
    where = {**RUN, "destination": jsonata("$destination")}
    one = {**where, "progress": jsonata("$progress")}
    progress = {"progress": jsonata("$states.result.Payload.progress")}
    report = {**where, "failure": jsonata("$states.input")}
    loads = [
        ("StartLoad", call_step(steps, steps.start_load, where, assign=progress)),
        ("Loaded?", _loaded(steps.load_seconds)),
        ("WaitForLoad", {"Type": "Wait", "Seconds": jsonata("$states.input.wait_seconds")}),
        (
            "PollLoad",
            {**call_step(steps, steps.poll_load, one, assign=progress), "Next": "Loaded?"},
        ),
        ("EnsureSegments", {**call_step(steps, steps.ensure_segments, one), "End": True}),
    ]
    states = [
        ("NameDestination", _name_destination()),
        *(
            (name, caught(name, state, by=REPORT_FAILURE) if state["Type"] == "Task" else state)
            for name, state in loads
        ),
        ("LoadTooLong", _load_too_long(steps.load_seconds)),
        (REPORT_FAILURE, {**call_step(steps, steps.ensure_segments, report), "End": True}),
    ]
    return {
        "Type": "Map",
        "Items": jsonata("$destinations"),
        "ItemSelector": {"destination": jsonata("$states.context.Map.Item.Value")},
        "MaxConcurrency": 4,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "INLINE"},
            "StartAt": "NameDestination",
            "States": in_order(states),
        },
    }


def _name_destination() -> State:
    return {
        "Type": "Pass",
        "Assign": {
            "destination": jsonata("$states.input.destination"),
            "progress": {},
            "started_ms": jsonata("$millis()"),
        },
    }


def _loaded(limit_seconds: int) -> State:
    return {
        "Type": "Choice",
        "Choices": [
            {"Condition": jsonata("$states.input.status = 'DONE'"), "Next": "EnsureSegments"},
            {
                "Condition": jsonata(f"$millis() - $started_ms >= {limit_seconds * 1000}"),
                "Next": "LoadTooLong",
            },
        ],
        "Default": "WaitForLoad",
    }


def _load_too_long(limit_seconds: int) -> State:
    cause = f"'{limit_seconds} seconds were not enough to load destination ' & $destination"
    error = {"Error": "States.Timeout", "Cause": jsonata(cause)}
    return {"Type": "Pass", "Output": {"state": "PollLoad", "error": error}, "Next": REPORT_FAILURE}


def sent() -> State:
    """Fail the run if no destination at all succeeded. Otherwise its report lists the failures."""
    condition = "$count($states.input[status != 'FAILED']) = 0 and $count($states.input) > 0"
    none = {"Condition": jsonata(condition), "Next": "NothingSent"}
    return {"Type": "Choice", "Choices": [none], "Default": "FinishRun"}


def nothing_sent() -> State:
    """Fail the run with the reason of its first destination."""
    error = {
        "Error": jsonata("$states.input[0].error"),
        "Cause": jsonata("$states.input[0].message"),
    }
    return {"Type": "Pass", "Output": {"state": "Activate", "error": error}, "Next": FAIL_RUN}
