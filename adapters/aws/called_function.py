"""A function of ours that another one calls, and waits for."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from adapters.aws import clients
from adapters.aws.errors import translated
from tessera.errors import InvalidInput, Refused, Retryable

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

_SHOWN = {kind.__name__: kind for kind in (InvalidInput, Refused)}


class CalledFunction:
    """Calls a function and returns its answer.

    Parameters
    ----------
    name
        Its name, ARN or alias.
    does
        What it does, for messages, such as ``the count of an audience``.
    client
        A client. By default for the environment's credentials and region. It calls once: a
        function that is slow must not run twice.
    """

    def __init__(self, name: str, *, does: str, client: LambdaClient | None = None) -> None:
        self._name, self._does, self._given = name, does, client

    @functools.cached_property
    def _client(self) -> LambdaClient:
        """The client, made when it is first needed."""
        return self._given or clients.functions(attempts=1, read_timeout_seconds=27)

    def begin(self, event: Mapping[str, Any]) -> None:
        """Let the function run without waiting for its answer. Raises as ``answer`` does."""
        payload = json.dumps(event).encode()
        with translated("Lambda", what=self._does, missing="there is no such function"):
            self._client.invoke(FunctionName=self._name, InvocationType="Event", Payload=payload)

    def answer(self, event: Mapping[str, Any]) -> Any:  # noqa: ANN401 (any JSON)
        """Return what the function answers.

        Raises
        ------
        InvalidInput, Refused
            The function raised it: its message is for the caller.
        Retryable
            The function was busy, slow, or failed by an error that its log names.
        """
        payload = json.dumps(event).encode()
        with translated("Lambda", what=self._does, missing="there is no such function"):
            answer = self._client.invoke(FunctionName=self._name, Payload=payload)
            reply = json.loads(answer["Payload"].read())
        if "FunctionError" not in answer:
            return reply
        kind = _SHOWN.get(reply.get("errorType", ""))
        if kind is None:
            raise Retryable(f"{self._does} failed: see the log of its function")
        raise kind(reply["errorMessage"])
