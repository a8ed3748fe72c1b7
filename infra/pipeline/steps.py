"""What the states of the pipeline call, and the two kinds of task: a function and a job."""

from __future__ import annotations

import dataclasses
from typing import Any

from infra.kit.states import QUEUE_SECONDS, Function, State, call, job, jsonata, seconds_of

RUN = {"tenant": jsonata("$tenant"), "run_id": jsonata("$run_id")}  # what every function gets
# How often an execution asks at most whether those before it have ended. They may wait for an
# approval for days, and an execution has 25,000 events at most: so it asks less often with time.
_TURN_SECONDS = 15
_TURN_MAX_SECONDS = 900
_TURN_SHARE = 20  # of what it has waited so far, up to the maximum


@dataclasses.dataclass(frozen=True, kw_only=True)
class Steps:
    """What the states call: functions, and the requests that start jobs."""

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


def wait_for_turn(*, following: str) -> State:
    """Return a wait for the tenant's turn, after which a state asks for it again."""
    share = f"$floor(($millis() - $began_ms) / {1000 * _TURN_SHARE})"
    by_time = f"$min([{_TURN_MAX_SECONDS}, {share}])"
    seconds = f"$max([{_TURN_SECONDS}, $states.input.wait_seconds, {by_time}])"
    return {"Type": "Wait", "Seconds": jsonata(seconds), "Next": following}
