"""The JSON API of a deployed console, read with a key."""

from __future__ import annotations

import json
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


class ConsoleApi:
    """Reads the API, and changes nothing.

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
        url = f"{self._address}{path}" + (f"?{given}" if given else "")
        try:
            answer = self._pool.request("GET", url, headers=self._headers, redirect=False)
        except (HTTPError, LocationValueError, OSError) as error:
            raise Retryable(
                f"{self._address} could not be reached ({type(error).__name__})"
            ) from None
        if answer.status == HTTPStatus.OK:
            return json.loads(answer.data)
        if answer.status in _DENIED:
            raise Refused(f"{self._address} {_DENIED[HTTPStatus(answer.status)]}")
        if answer.status in (HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY):
            raise InvalidInput(_detail(answer.data))
        raise Retryable(f"{self._address} answered {answer.status} for {path}")


def _detail(body: bytes) -> str:
    """Return the sentence of a refusal (RFC 9457)."""
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return "the console has no such thing"
