"""Tasks that wait for an answer: moto loses a failure's cause, and takes a second answer.

It also gives a retried task the token of the attempt before, which has its answer already, and an
execution that is stopped goes on waiting.
"""

from __future__ import annotations

import json
from typing import Any

from moto.core.exceptions import AWSError
from moto.core.responses import ActionResult, EmptyResult
from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.asl.component.common.retry.retry_outcome import RetryOutcome
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (  # noqa: E501
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.eval.callback.callback import (
    CallbackOutcome,
    CallbackOutcomeFailure,
    CallbackOutcomeSuccess,
)
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker
from moto.stepfunctions.responses import StepFunctionResponse


class TaskTimedOut(AWSError):  # noqa: N818 (the service's name for it)
    """The task has ended, or the token's answer has come."""

    TYPE = "TaskTimedOut"


class InvalidToken(AWSError):  # noqa: N818
    """No task has this token."""

    TYPE = "InvalidToken"


class InvalidOutput(AWSError):  # noqa: N818
    """The answer is not JSON."""

    TYPE = "InvalidOutput"


def install() -> None:
    """Make moto answer as the service does."""
    StepFunctionResponse.send_task_success = _succeed
    StepFunctionResponse.send_task_failure = _fail
    _complete_retries()
    _complete_stopping()


def _succeed(response: StepFunctionResponse) -> ActionResult:
    token, output = response._get_param("taskToken"), response._get_param("output")
    try:
        json.loads(output)
    except ValueError as error:
        raise InvalidOutput("Invalid Output: 'the output is not JSON'") from error
    return _answer(response, CallbackOutcomeSuccess(callback_id=token, output=output))


def _fail(response: StepFunctionResponse) -> ActionResult:
    outcome = CallbackOutcomeFailure(
        callback_id=response._get_param("taskToken"),
        error=response._get_param("error"),
        cause=response._get_param("cause"),
    )
    return _answer(response, outcome)


def _answer(response: StepFunctionResponse, outcome: CallbackOutcome) -> ActionResult:
    """Hand an answer to the task that waits for it. Once only, and only while it waits."""
    for execution in response.stepfunction_backend._get_executions():
        endpoint = _endpoint(execution, outcome.callback_id)
        if endpoint is None:
            continue
        # The event is set by an answer, and also when the state has ended without one.
        if execution.exec_status != ExecutionStatus.RUNNING or endpoint._notify_event.is_set():
            raise TaskTimedOut("Task Timed Out: 'the task does not exist anymore'")
        endpoint.notify(outcome)
        return EmptyResult()
    raise InvalidToken("Invalid Token: 'no task has it'")


def _endpoint(execution: Any, token: str) -> Any | None:
    worker = execution.exec_worker
    env = worker.env if worker is not None else None
    return None if env is None else env.callback_pool_manager.get(token)


def _complete_retries() -> None:
    """Give each attempt a new token."""
    original = StateTaskServiceCallback._handle_retry
    if getattr(original, "completed", False):
        return

    def handle_retry(self: Any, env: Any, failure_event: Any) -> Any:
        outcome = original(self, env, failure_event)
        context = env.states.context_object
        if outcome == RetryOutcome.CanRetry and "Task" in context.context_object_data:
            env.callback_pool_manager.add(context.update_task_token())
        return outcome

    handle_retry.completed = True  # type: ignore[attr-defined]
    StateTaskServiceCallback._handle_retry = handle_retry


def _complete_stopping() -> None:
    """Wake what waits in an execution that is stopped, so that it ends, and as stopped."""
    stop_worker, set_error = ExecutionWorker.stop, Environment.set_error
    if getattr(stop_worker, "completed", False):
        return

    def stop(self: Any, *args: Any, **kwargs: Any) -> None:
        stop_worker(self, *args, **kwargs)
        for endpoint in list(self.env.callback_pool_manager._pool.values()):
            endpoint.interrupt_all()

    def set_error_of_running(self: Any, error: Any) -> None:
        if self.is_running():
            set_error(self, error)

    stop.completed = True  # type: ignore[attr-defined]
    ExecutionWorker.stop, Environment.set_error = stop, set_error_of_running
