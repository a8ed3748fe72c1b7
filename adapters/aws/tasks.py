"""Answers to Step Functions, for states that wait for one.

Anyone with a task's token may answer for it. Tokens are credentials and stay out of messages.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from adapters.aws import clients
from adapters.aws.errors import code_of, translated

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_GONE = {"InvalidToken", "TaskDoesNotExist", "TaskTimedOut"}
_MISSING = "the state machine no longer exists: deploy the stage again"


class Tasks:
    """The tasks of this account's state machines.

    Parameters
    ----------
    states
        A client. By default for the environment's credentials and region.

    Raises
    ------
    Retryable
        Step Functions was busy or could not be reached.
    Refused
        It denied access, or the credentials have expired.
    """

    def __init__(self, *, states: SFNClient | None = None) -> None:
        self._states = states or clients.step_functions()

    def succeed(self, token: str, output: Mapping[str, Any]) -> bool:
        """Let a task continue. Return whether it was still waiting."""
        with _gone() as gone:
            self._states.send_task_success(taskToken=token, output=json.dumps(output))
        return not gone

    def fail(self, token: str, *, error: str, cause: str) -> bool:
        """Let a task fail. Return whether it was still waiting."""
        with _gone() as gone:
            self._states.send_task_failure(taskToken=token, error=error, cause=cause)
        return not gone


@contextlib.contextmanager
def _gone() -> Iterator[list[str]]:
    """Note that the task no longer waits, and translate other errors."""
    gone: list[str] = []
    with translated("Step Functions", what="an answer to a state", missing=_MISSING, personal=True):
        try:
            yield gone
        except ClientError as error:
            if code_of(error) not in _GONE:
                raise
            gone.append(code_of(error))
