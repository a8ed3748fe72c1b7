"""Answers to Step Functions, for states that wait for one.

Whoever has a task's token may answer for it: tokens are credentials, and stay out of messages.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from adapters.aws.errors import code_of
from tessera.errors import Refused, Retryable

_GONE = {"InvalidToken", "TaskDoesNotExist", "TaskTimedOut"}
_BUSY = {"InternalFailure", "ServiceUnavailable", "ThrottlingException"}


class Tasks:
    """The tasks of this account's state machines.

    Parameters
    ----------
    states
        A client; by default for the environment's credentials and region.

    Raises
    ------
    Retryable
        Step Functions was busy or could not be reached.
    Refused
        It said no.
    """

    def __init__(self, *, states: Any = None) -> None:
        self._states: Any = states or boto3.client("stepfunctions")

    def succeed(self, token: str, output: Mapping[str, Any]) -> bool:
        """Let a task go on; tell whether it was still waiting."""
        with _gone() as found:
            self._states.send_task_success(taskToken=token, output=json.dumps(output))
        return not found

    def fail(self, token: str, *, error: str, cause: str) -> bool:
        """Let a task fail; tell whether it was still waiting."""
        with _gone() as found:
            self._states.send_task_failure(taskToken=token, error=error, cause=cause)
        return not found


@contextlib.contextmanager
def _gone() -> Iterator[list[str]]:
    """Note that nobody waits any more, and translate what else can go wrong."""
    found: list[str] = []
    try:
        yield found
    except ClientError as error:
        code = code_of(error)
        if code in _GONE:
            found.append(code)
        elif code in _BUSY:
            raise Retryable(f"Step Functions was busy ({code})") from error
        else:
            raise Refused(f"Step Functions refused an answer to a state ({code})") from error
    except (ConnectionError, HTTPClientError) as error:
        raise Retryable("Step Functions could not be reached") from error
