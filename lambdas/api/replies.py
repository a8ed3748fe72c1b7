"""Documents as HTTP answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fastapi import Response

from tessera.api.refusals import MEDIA_TYPE, ProblemDetails
from tessera.records.codec import encode


def reply(answer: object, *, status: int) -> Response:
    """Return a document as JSON, nothing as an empty answer, and an answer as it is."""
    if isinstance(answer, Response):
        return answer
    if answer is None:
        return Response(status_code=status)
    return Response(_json(answer), status_code=status, media_type="application/json")


def problem(answer: ProblemDetails, *, headers: Mapping[str, str] | None = None) -> Response:
    """Return a refusal as RFC 9457 has it."""
    return Response(
        _json(answer),
        status_code=answer.status,
        media_type=MEDIA_TYPE,
        headers=dict(headers or {}),
    )


def json_reply(value: Mapping[str, Any]) -> Response:
    """Return a JSON document that was kept, with the members that it has."""
    return Response(_text(value), media_type="application/json")


def _json(document: object) -> bytes:
    return _text(encode(document))


def _text(value: Mapping[str, Any]) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


def csv_reply(table: str, *, following: str | None = None) -> Response:
    """Return a table as CSV. ``following`` is the address of the next page."""
    more = {"Link": f'<{following}>; rel="next"'} if following else {}
    return Response(table, media_type="text/csv; charset=utf-8", headers=more)
