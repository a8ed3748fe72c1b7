"""What the states of the pipeline call, and the two kinds of task: a function and a job."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from infra.kit.states import QUEUE_SECONDS, Function, State, call, job, jsonata, seconds_of
from tessera.environments.machines import in_function
from tessera.errors import TooLarge

RUN = {"tenant": jsonata("$tenant"), "run_id": jsonata("$run_id")}  # what every function gets
# How often an execution asks at most whether those before it have ended. They may wait for an
# approval for days, and an execution has 25,000 events at most: so it asks less often with time.
_TURN_SECONDS = 15
_TURN_MAX_SECONDS = 900
_TURN_SHARE = 20  # of what it has waited so far, up to the maximum


# What Step Functions calls the end of a function whose memory or time was not enough, and our own.
_TOO_LARGE = [
    TooLarge.__name__,
    "Lambda.Unknown",
    "Runtime.ExitError",
    "Runtime.OutOfMemory",
    "Sandbox.Timedout",
    "States.Timeout",
]


@dataclasses.dataclass(frozen=True, kw_only=True)
class SmallJob:
    """A job's work in a function: what a state calls, and with which event."""

    function: Function
    event: dict[str, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Steps:
    """What the states call: functions, and the requests that start jobs.

    ``small`` has the functions that do the work of jobs in small runs, by the job's state. A run is
    small below ``small_bytes``. Without such functions it is empty, and nothing chooses.
    """

    check_upload: Function
    prepare: dict[str, Any]
    prepare_on_spark: dict[str, Any]
    train: dict[str, Any]
    train_forecasts: dict[str, Any]
    train_churn: dict[str, Any]
    score: dict[str, Any]
    await_approval: Function
    map_schema: dict[str, Any]
    start_load: Function
    poll_load: Function
    ensure_segments: Function
    finish_run: Function
    fail_run: Function
    partition: str
    job_seconds: int
    spark_from_bytes: int
    approval_seconds: int
    load_seconds: int
    run_seconds: int
    small: Mapping[str, SmallJob] = dataclasses.field(default_factory=dict)
    small_bytes: int = 0


def call_step(
    steps: Steps, function: Function, event: Any, *, assign: dict[str, Any] | None = None
) -> State:
    """Return a task that calls one of the functions."""
    return call(
        function.arn,
        event,
        partition=steps.partition,
        timeout_seconds=function.timeout_seconds,
        assign=assign,
    )


def start_job(steps: Steps, integration: str, request: dict[str, Any], *, timed: str = "") -> State:
    """Return a task that starts a job and waits for its end, and for a machine before that.

    ``timed`` is the name under which the variable ``seconds`` keeps how long it ran.
    """
    kept = f"$merge([$seconds, {{'{timed}': {seconds_of(integration)}}}])"
    return job(
        integration,
        request,
        partition=steps.partition,
        timeout_seconds=steps.job_seconds + QUEUE_SECONDS,
        assign={"seconds": jsonata(kept)} if timed else None,
    )


def small_or_job(
    steps: Steps, name: str, job: State, *, following: str, output: str = ""
) -> list[tuple[str, State]]:
    """Return the states that do a job's work: a choice, a function for small runs, the job.

    Parameters
    ----------
    steps
        What the states call. Without functions for small runs it is the job alone.
    name, job
        The job's state.
    following
        The state after it.
    output
        Of a branch, which assigns no variables: an expression by the function's reply.
    """
    states = small_first(steps, name, job, following=following, output=output)
    if not steps.small:
        return states
    small = {"Condition": jsonata("$small"), "Next": in_function(name)}
    return [(f"{name}?", {"Type": "Choice", "Choices": [small], "Default": name}), *states]


def small_first(
    steps: Steps, name: str, job: State, *, following: str, output: str = ""
) -> list[tuple[str, State]]:
    """Return the same without the choice. A function gives what is too large for it to the job."""
    if not steps.small:
        return [(name, job)]
    small = steps.small[name]
    state = call_step(steps, small.function, small.event)
    larger: State = {"ErrorEquals": _TOO_LARGE, "Next": name}
    if output:
        state["Output"] = output
    else:
        spent = f"{{'{in_function(name)}': $states.result.Payload.seconds}}"
        state["Assign"] = {"seconds": jsonata(f"$merge([$seconds, {spent}])")}
        larger["Assign"] = {"small": False}  # what follows is too
    return [(in_function(name), {**state, "Catch": [larger], "Next": following}), (name, job)]


def wait_for_turn(*, following: str) -> State:
    """Return a wait for the tenant's turn, after which a state asks for it again."""
    share = f"$floor(($millis() - $began_ms) / {1000 * _TURN_SHARE})"
    by_time = f"$min([{_TURN_MAX_SECONDS}, {share}])"
    seconds = f"$max([{_TURN_SECONDS}, $states.input.wait_seconds, {by_time}])"
    return {"Type": "Wait", "Seconds": jsonata(seconds), "Next": following}
