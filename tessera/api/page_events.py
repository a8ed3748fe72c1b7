"""``POST /v1/events`` for the OpenAPI document: the one route without a credential in a header.

It is another address than the console's. Its fields have the data contract's names.
"""

from __future__ import annotations

from typing import Any

from tessera.sources.collecting.body import MOST_BYTES, MOST_EVENTS
from tessera.sources.collecting.events import LONGEST, TAKEN

PATH = "/v1/events"
_INSTANT = {"type": "string", "format": "date-time"}
_TEXT = {"type": "string", "maxLength": LONGEST}
_ID = {"anyOf": [{**_TEXT, "minLength": 1}, {"type": "integer"}]}
_EVENT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["CustomerID", "EventName", "Date"],
    "properties": {
        "CustomerID": {**_ID, "description": "The shop's own id or its hash, and no address"},
        "EventName": {"enum": list(TAKEN), "description": "A word that means one of these"},
        "Date": {**_INSTANT, "description": "By the page's clock, of the last 24 hours"},
        "EventID": {**_TEXT, "description": "Of the page. Without it the content is the id"},
        "ProductCode": {"anyOf": [_TEXT, {"type": "integer"}]},
        "ProductName": _TEXT,
        "ProductCategory": _TEXT,
    },
}
_BODY = {
    "type": "object",
    "additionalProperties": False,
    "required": ["key", "consent", "events"],
    "properties": {
        "key": {"type": "string", "description": "A write-only key `tsw_…`"},
        "consent": {"const": True, "description": "The visitor has consented"},
        "sent_at": {**_INSTANT, "description": "The page's clock when it sends: it corrects dates"},
        "events": {"type": "array", "minItems": 1, "maxItems": MOST_EVENTS, "items": _EVENT},
    },
}
_REFUSALS = {
    400: "The body, or an event, is not what pages send. Nothing of it is stored",
    401: "The key is not valid, has expired or was revoked",
    403: "The page's origin is not listed in `stream.origins`",
    413: f"The body has more than {MOST_BYTES:,} bytes",
    415: "Another type than text/plain and application/json",
    429: "The key has sent its events of this minute: see `Retry-After`",
    503: "The stream is busy or away: see `Retry-After`",
}


def page_events_path(problem: dict[str, Any]) -> dict[str, Any]:
    """Return the route's part of an OpenAPI document.

    Parameters
    ----------
    problem
        The content of a refusal.
    """
    return {
        "post": {
            "operationId": "collect_events",
            "summary": "Take the events of a page",
            "description": (
                "At the address `PageEventsUrl` of a stage with `stream.origins`, without a header "
                "for credentials: the write-only key is in the body. An answer has no data."
            ),
            "security": [],
            "requestBody": {
                "required": True,
                "content": {
                    media: {"schema": _BODY} for media in ("application/json", "text/plain")
                },
            },
            "responses": {
                "204": {"description": "All events are taken"},
                **{
                    str(status): {"description": text, "content": problem}
                    for status, text in _REFUSALS.items()
                },
            },
        }
    }
