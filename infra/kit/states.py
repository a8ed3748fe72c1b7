"""States in Amazon States Language: plain dictionaries, one small function a kind.

Every task gets a timeout, the retries that fit its errors, and the one way to fail.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from tessera.errors import Retryable

State = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Function:
    """A Lambda function, as a state calls it."""

    arn: str
    timeout_seconds: int


LIVE = "live"  # the alias of the version in use, of functions and of the state machine
PROCESSING, TRAINING = "sagemaker:createProcessingJob", "sagemaker:createTrainingJob"
GLUE = "glue:startJobRun"
QUEUE_SECONDS = 1800  # what a job may wait for machines, in addition to its limit
FAIL_RUN = "FailRun"
REPORT_FAILURE = "ReportFailure"  # of one destination, while the others go on

_BUSY = {
    "ErrorEquals": [Retryable.__name__],
    "IntervalSeconds": 5,
    "MaxAttempts": 6,
    "BackoffRate": 2,
    "MaxDelaySeconds": 120,
    "JitterStrategy": "FULL",
}
_LAMBDA = {
    "ErrorEquals": [
        "Lambda.ClientExecutionTimeoutException",
        "Lambda.ServiceException",
        "Lambda.AWSLambdaException",
        "Lambda.SdkClientException",
        "Lambda.TooManyRequestsException",
    ],
    "IntervalSeconds": 2,
    "MaxAttempts": 6,
    "BackoffRate": 2,
    "JitterStrategy": "FULL",
}
# Throttling and quotas. A job that started and then failed is not tried again: its rows would
# be refused again, and each attempt is paid for.
_SAGEMAKER = {
    "ErrorEquals": [
        "SageMaker.AmazonSageMakerException",
        "SageMaker.ResourceLimitExceededException",
    ],
    "IntervalSeconds": 60,
    "MaxAttempts": 5,
    "BackoffRate": 2,
    "MaxDelaySeconds": 600,
    "JitterStrategy": "FULL",
}
_GLUE = {
    "ErrorEquals": [
        "Glue.AWSGlueException",
        "Glue.ConcurrentRunsExceededException",
        "Glue.InternalServiceException",
        "Glue.OperationTimeoutException",
        "Glue.ResourceNumberLimitExceededException",
    ],
    "IntervalSeconds": 60,
    "MaxAttempts": 5,
    "BackoffRate": 2,
    "MaxDelaySeconds": 600,
    "JitterStrategy": "FULL",
}


def jsonata(expression: str) -> str:
    """Return an expression as a state machine marks it."""
    return f"{{% {expression} %}}"


def text(template: str) -> str:
    """Return a JSONata string of a template, in which ``$tenant`` and ``$run_id`` are variables.

    ``tenants/$tenant/runs/`` becomes ``'tenants/' & $tenant & '/runs/'``.
    """
    for variable in ("$tenant", "$run_id"):
        template = template.replace(variable, f"' & {variable} & '")
    return jsonata(f"'{template}'".removesuffix(" & ''").removeprefix("'' & "))


def literal(value: Any) -> str:
    """Return a JSON value, and the expressions inside it, as one JSONata expression."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"'{name}': {literal(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    if value.startswith("{% "):
        return str(value.removeprefix("{% ").removesuffix(" %}"))
    return f"'{value}'"


def call(
    function_arn: str,
    event: Any,
    *,
    partition: str,
    timeout_seconds: int,
    assign: Mapping[str, str] | None = None,
) -> State:
    """Return a task that calls a Lambda function. Its output is the function's reply."""
    state = {
        "Resource": f"arn:{partition}:states:::lambda:invoke",
        "Arguments": {"FunctionName": function_arn, "Payload": event},
        "Output": jsonata("$states.result.Payload"),
        "Retry": [_BUSY, _LAMBDA],
    }
    return _task(state, timeout_seconds=timeout_seconds, assign=assign)


def ask(
    function_arn: str, event: Mapping[str, Any], *, partition: str, timeout_seconds: int
) -> State:
    """Return a task that calls a Lambda function and waits until somebody answers its token."""
    token = {"token": jsonata("$states.context.Task.Token")}
    state = {
        "Resource": f"arn:{partition}:states:::lambda:invoke.waitForTaskToken",
        "Arguments": {"FunctionName": function_arn, "Payload": {**event, **token}},
        "Output": jsonata("$states.result"),
        "Retry": [_BUSY, _LAMBDA],
    }
    return _task(state, timeout_seconds=timeout_seconds, assign=None)


def longest_seconds(*, hours: int) -> int:
    """Return how long a job with a limit of so many hours may take, its wait for machines too."""
    return hours * 3600 + QUEUE_SECONDS


def seconds_of(integration: str) -> str:
    """Return an expression for the seconds that a job ran, undefined where it does not say."""
    result = "$states.result"
    if integration == PROCESSING:  # instants are numbers here: milliseconds
        start, end = f"{result}.ProcessingStartTime", f"{result}.ProcessingEndTime"
        return f"($type({start}) = 'number' and $type({end}) = 'number' ? ({end} - {start}) / 1000)"
    field = f"{result}.{'ExecutionTime' if integration == GLUE else 'BillableTimeInSeconds'}"
    return f"($type({field}) = 'number' ? {field})"


def job(
    integration: str,
    arguments: Mapping[str, Any],
    *,
    partition: str,
    timeout_seconds: int,
    assign: Mapping[str, str] | None = None,
) -> State:
    """Return a task that starts a SageMaker or Glue job and waits for its end."""
    state = {
        "Resource": f"arn:{partition}:states:::{integration}.sync",
        "Arguments": dict(arguments),
        # A job's description is in the logs. Here it would only fill the history.
        "Output": {},
        "Retry": [_GLUE if integration == GLUE else _SAGEMAKER],
    }
    return _task(state, timeout_seconds=timeout_seconds, assign=assign)


def _task(state: State, *, timeout_seconds: int, assign: Mapping[str, str] | None) -> State:
    assigned = {"Assign": dict(assign)} if assign else {}
    return {"Type": "Task", **state, "TimeoutSeconds": timeout_seconds, **assigned}


def caught(name: str, state: State, *, by: str = FAIL_RUN) -> State:
    """Return a state whose every error goes to another state, which learns where it happened."""
    catch = failing(name, ["States.ALL"], error=jsonata("$states.errorOutput"), by=by)
    return {**state, "Catch": [*state.get("Catch", []), catch]}


def failing(name: str, errors: Sequence[str], *, error: Any, by: str = FAIL_RUN) -> dict[str, Any]:
    """Return the way from a state to the one that reports some errors, as ``error``."""
    return {
        "ErrorEquals": list(errors),
        "Output": {"state": name, "error": error},
        "Next": by,
    }


def in_order(states: Sequence[tuple[str, State]]) -> dict[str, State]:
    """Return states that follow one another. One that says what comes next itself is left alone."""
    chained = {}
    for (name, state), following in zip(states, [*states[1:], None], strict=True):
        ends = any(key in state for key in ("Next", "End", "Choices")) or _is_final(state)
        after = {"Next": following[0]} if following else {"End": True}
        chained[name] = state if ends else {**state, **after}
    return chained


def _is_final(state: State) -> bool:
    return state["Type"] in {"Succeed", "Fail"}
