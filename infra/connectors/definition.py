"""The state machine of pulls, as one reads it: each shop until nothing is left, then its upload."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from infra.kit.states import GLUE, Function, State, call, in_order, job, jsonata, longest_seconds

_AT_ONCE = 4
_MOST_WORDS = 2_000  # of one shop's failure
SOURCE, TENANT = "$source", "$tenant"  # expressions for what is pulled at present


@dataclasses.dataclass(frozen=True, kw_only=True)
class PullStates:
    """What the states call.

    Parameters
    ----------
    plan_pulls, pull_source
        The functions.
    curate
        The request that starts the Curate job for ``SOURCE`` of ``TENANT``.
    curate_hours
        The job's time limit.
    """

    plan_pulls: Function
    pull_source: Function
    curate: Mapping[str, Any]
    curate_hours: int
    partition: str


def definition(states: PullStates) -> dict[str, Any]:
    """Return the machine. Its input may be ``{"reload": true}``: then all is pulled again."""
    failures = "$states.input[failure != ''].failure"
    return {
        "Comment": "Tessera: orders of shops that are read directly, each shop as one upload",
        "QueryLanguage": "JSONata",
        "StartAt": "PlanPulls",
        "States": in_order(
            [
                ("PlanPulls", _plan(states)),
                ("EachShop", _each(states)),
                (
                    "AllPulled?",
                    {
                        "Type": "Choice",
                        "Choices": [
                            {
                                "Condition": jsonata(f"$count({failures}) > 0"),
                                "Next": "SomeFailed",
                            }
                        ],
                        "Default": "Pulled",
                    },
                ),
                ("Pulled", {"Type": "Succeed"}),
                (
                    "SomeFailed",
                    {
                        "Type": "Fail",
                        "Error": "PullFailed",
                        "Cause": jsonata(f"$join({failures}, '; ')"),
                    },
                ),
            ]
        ),
    }


def _plan(states: PullStates) -> State:
    event = {
        "execution": jsonata("$states.context.Execution.Id"),
        "reload": jsonata("$states.context.Execution.Input.reload = true"),
    }
    return call(
        states.plan_pulls.arn,
        event,
        partition=states.partition,
        timeout_seconds=states.plan_pulls.timeout_seconds,
    )


def _each(states: PullStates) -> State:
    """Return the map over the shops. One that fails leaves the others alone."""
    names = ("tenant", "connector", "source", "reload")
    return {
        "Type": "Map",
        "Items": jsonata("$states.input.pulls"),
        "MaxConcurrency": _AT_ONCE,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "INLINE"},
            "StartAt": "NameShop",
            "States": in_order(
                [
                    (
                        "NameShop",
                        {
                            "Type": "Pass",
                            "Assign": {name: jsonata(f"$states.input.{name}") for name in names},
                        },
                    ),
                    ("Pull", _pull(states)),
                    (
                        "More?",
                        {
                            "Type": "Choice",
                            "Choices": [
                                {"Condition": jsonata("$states.input.more"), "Next": "Pull"}
                            ],
                            "Default": "Curate",
                        },
                    ),
                    ("Curate", _curate(states)),
                    ("Done", {"Type": "Pass", "Output": {"failure": ""}, "End": True}),
                    ("NotPulled", _not_pulled()),
                ]
            ),
        },
    }


def _pull(states: PullStates) -> State:
    event = {
        "tenant": jsonata(TENANT),
        "connector": jsonata("$connector"),
        "reload": jsonata("$reload"),
    }
    state = call(
        states.pull_source.arn,
        event,
        partition=states.partition,
        timeout_seconds=states.pull_source.timeout_seconds,
    )
    return {**state, "Catch": [_caught()]}


def _curate(states: PullStates) -> State:
    seconds = longest_seconds(hours=states.curate_hours)
    state = job(GLUE, states.curate, partition=states.partition, timeout_seconds=seconds)
    return {**state, "Catch": [_caught()]}


def _caught() -> dict[str, Any]:
    return {
        "ErrorEquals": ["States.ALL"],
        "Output": {"error": jsonata("$states.errorOutput")},
        "Next": "NotPulled",
    }


def _not_pulled() -> State:
    error = "$states.input.error"
    words = f"($exists({error}.Cause) ? {error}.Cause : {error}.Error)"
    failure = f"$connector & ' of ' & $tenant & ': ' & $substring({words}, 0, {_MOST_WORDS})"
    return {"Type": "Pass", "Output": {"failure": jsonata(failure)}, "End": True}
