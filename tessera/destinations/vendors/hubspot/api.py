"""The form of all requests to HubSpot's API, and the errors in its responses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tessera.destinations.requests import Request, Response

VERSION = "2026-09"


def _headers(*, body: bool) -> dict[str, str]:
    form = "application/json"
    return {"Accept": form, **({"Content-Type": form} if body else {})}


def get(path: str) -> Request:
    """Return a GET request."""
    return Request("GET", path, None, _headers(body=False))


def post(path: str, body: Mapping[str, Any]) -> Request:
    """Return a POST request with a JSON body."""
    return Request("POST", path, body, _headers(body=True))


def errors_of(response: Response) -> list[Mapping[str, Any]]:
    """Return the errors that a response lists."""
    listed = response.body.get("errors") if isinstance(response.body, Mapping) else None
    return [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []


def code_and_message(error: Mapping[str, Any]) -> tuple[str, str]:
    """Return the category and message of an error."""
    code = error.get("category") or error.get("code") or "invalid"
    return str(code), str(error.get("message") or "no reason given")


def words(response: Response) -> tuple[str, str]:
    """Return the category and the message of an error."""
    body = response.body if isinstance(response.body, Mapping) else {}
    return code_and_message({"category": str(response.status), **body})
