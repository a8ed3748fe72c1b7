"""The JSON API of a console, used with a key."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from urllib3.exceptions import HTTPError, LocationValueError

from adapters.http.client import verified_pool
from tessera.errors import InvalidInput, Refused, Retryable

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_DENIED = {
    HTTPStatus.UNAUTHORIZED: "does not accept the key: make another one, `tessera key create`",
    HTTPStatus.FORBIDDEN: "does not let this key see it: a key of another role may",
}


_TIMEOUT_S = 30.0
_DONE = (HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED, HTTPStatus.NO_CONTENT)
_WRONG = (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)


class ConsoleApi:
    """Calls the API.

    Parameters
    ----------
    address
        Of the console, such as ``https://console.example.com``. TLS is required but on loopback.
    key
        An API key, ``tsk_…``. No message shows it.

    Raises
    ------
    InvalidInput
        The address is none, or would send the key in plain text.
    """

    def __init__(self, address: str, *, key: str) -> None:
        parts = urlsplit(address)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        if not safe or not parts.hostname:
            raise InvalidInput(
                f"the console's address is {address!r}: expected https://…, or http://127.0.0.1:…"
            )
        self._address = address.rstrip("/")
        self._headers = {"Authorization": f"Bearer {key}", "Accept": "application/json"}
        self._pool = verified_pool()

    def get(self, path: str, **query: str | None) -> Any:  # noqa: ANN401 (a JSON value)
        """Return what a route answers.

        Parameters
        ----------
        path
            Such as ``/v1/runs``.
        query
            Its parameters. None stands for absent.

        Raises
        ------
        InvalidInput
            There is no such thing, or the request is wrong.
        Refused
            The key is not accepted.
        Retryable
            The API is busy, broken or away.
        """
        given = urlencode({name: value for name, value in query.items() if value is not None})
        return self._called("GET", path + (f"?{given}" if given else ""))

    def send(
        self, method: str, path: str, body: object = None, *, timeout_s: float = _TIMEOUT_S
    ) -> Any:  # noqa: ANN401 (as above)
        """Change something, and return what the route answers. None for an empty answer.

        Parameters
        ----------
        method, path
            Such as ``POST`` and ``/v1/campaigns/win-back/runs``.
        body
            The document that the route takes. None for none.
        timeout_s
            How long an answer may take.

        Raises
        ------
        InvalidInput
            The API refuses it: the message is its sentence.
        Refused, Retryable
            As of ``get``. Whether anything was changed is not known then.
        """
        more = {"Idempotency-Key": uuid.uuid4().hex} if method == "POST" else {}
        if body is None:
            return self._called(method, path, headers=more, timeout_s=timeout_s)
        more["Content-Type"] = "application/json"
        return self._called(
            method, path, headers=more, body=json.dumps(body).encode(), timeout_s=timeout_s
        )

    def _called(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None,
        body: bytes | None = None, timeout_s: float = _TIMEOUT_S,
    ) -> Any:  # noqa: ANN401 (a JSON value)  # fmt: skip
        try:
            answer = self._pool.request(
                method, f"{self._address}{path}", headers=self._headers | dict(headers or {}),
                body=body, redirect=False, timeout=timeout_s,
            )  # fmt: skip
        except (HTTPError, LocationValueError, OSError) as error:
            raise Retryable(
                f"{self._address} could not be reached ({type(error).__name__})"
            ) from None
        if answer.status in _DONE:
            return json.loads(answer.data) if answer.data else None
        if answer.status in _DENIED:
            raise Refused(f"{self._address} {_DENIED[HTTPStatus(answer.status)]}")
        if answer.status in _WRONG:
            raise InvalidInput(_detail(answer.data))
        raise Retryable(f"{self._address} answered {answer.status} for {path}")


def _detail(body: bytes) -> str:
    """Return the sentence of a refusal (RFC 9457), with the parts that are wrong."""
    try:
        problem = json.loads(body)
        parts = [f"{part['where']}: {part['what']}" for part in problem.get("errors", ())]
        return " ".join((str(problem["detail"]), *parts))
    except (AttributeError, ValueError, KeyError, TypeError):
        return "the console has no such thing"
