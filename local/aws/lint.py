"""What Step Functions refuses in a definition and moto accepts, and what can't run on a laptop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_ENDS = {"Choice", "Succeed", "Fail"}
_SYNC = ("", ".sync")
_KNOWN = {
    *(f"lambda:invoke{pattern}" for pattern in ("", ".waitForTaskToken")),
    *(f"sqs:sendMessage{pattern}" for pattern in ("", ".waitForTaskToken")),
    *(f"states:startExecution{pattern}" for pattern in ("", ".sync", ".sync:2")),
    *(f"sagemaker:createProcessingJob{pattern}" for pattern in _SYNC),
    *(f"sagemaker:createTrainingJob{pattern}" for pattern in _SYNC),
    *(f"glue:startJobRun{pattern}" for pattern in _SYNC),
    *(f"dynamodb:{verb}Item" for verb in ("get", "put", "update", "delete")),
    "sns:publish",
    "events:putEvents",
}


def problems(definition: dict[str, Any], *, path: str = "/States") -> list[str]:
    """Return everything wrong with a state machine, each with the state's path."""
    states: dict[str, dict[str, Any]] = definition.get("States", {})
    faults = []
    if definition.get("StartAt") not in states:
        faults.append(f"StartAt {definition.get('StartAt')!r} is not a state at {path}")
    for name, state in states.items():
        here = f"{path}/{name}"
        missing = [target for target in _targets(state) if target not in states]
        faults += [f"{here}: target {target!r} is not a state" for target in missing]
        if state["Type"] not in _ENDS and not state.get("End") and "Next" not in state:
            faults.append(f"{here}: neither Next nor End")
        if state["Type"] == "Task" and not _is_known(state["Resource"]):
            faults.append(f"{here}: embedded AWS does not know the resource {state['Resource']!r}")
        for inner in _inner(state):
            faults += problems(inner, path=here)
    return faults


def _targets(state: dict[str, Any]) -> Iterator[str]:
    for key in ("Next", "Default"):
        if key in state:
            yield state[key]
    for choice in [*state.get("Choices", []), *state.get("Catch", [])]:
        if "Next" in choice:
            yield choice["Next"]


def _inner(state: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from state.get("Branches", [])
    for key in ("ItemProcessor", "Iterator"):
        if key in state:
            yield state[key]


def _is_known(resource: str) -> bool:
    if ":::" not in resource:
        return ":function:" in resource or ":activity:" in resource
    name = resource.partition(":::")[2]
    return name.startswith("aws-sdk:") or name in _KNOWN
