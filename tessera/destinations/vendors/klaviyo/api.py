"""The form of all requests to Klaviyo's API, and the errors in its responses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tessera.destinations.requests import Request, Response

REVISION = "2026-07-15"


def errors_of(response: Response) -> list[Mapping[str, Any]]:
    """Return a response's errors. A job's errors are resources, with the error as attributes."""
    body = response.body if isinstance(response.body, Mapping) else {}
    listed = body.get("errors") or body.get("data")
    errors = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    return [one.get("attributes") or one for one in errors]


def code_and_message(error: Mapping[str, Any]) -> tuple[str, str]:
    """Return the code and message of an error."""
    message = error.get("detail") or error.get("title") or "no reason given"
    return str(error.get("code") or "invalid"), str(message)


def words(response: Response) -> tuple[str, str]:
    """Return the code and detail of the first error."""
    errors = errors_of(response)
    return code_and_message(errors[0]) if errors else (str(response.status), "no reason given")


def headers(*, body: bool) -> dict[str, str]:
    """Return the headers of every request."""
    form = "application/vnd.api+json"
    return {"revision": REVISION, "Accept": form, **({"Content-Type": form} if body else {})}


def get(path: str, *, wait_seconds: float = 0, per_minute: int = 0) -> Request:
    """Return a request that reads."""
    return Request("GET", path, None, headers(body=False), wait_seconds, per_minute)


def post(path: str, kind: str, attributes: Mapping[str, Any], *, per_minute: int = 0) -> Request:
    """Return a request that creates a resource of a kind."""
    body = {"data": {"type": kind, "attributes": attributes}}
    return Request("POST", path, body, headers(body=True), per_minute=per_minute)
