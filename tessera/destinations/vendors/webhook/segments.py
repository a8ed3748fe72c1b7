"""Segments as their definitions, each sent once a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tessera.destinations import content
from tessera.destinations.port import compact
from tessera.destinations.requests import Request, Response
from tessera.destinations.vendors.webhook.posts import digest, post
from tessera.errors import Refused
from tessera.records.loads.segment import Segment

_ACTIONS = ("created", "kept", "recreated")


def segment_request(segment: Segment, responses: Sequence[Response]) -> Request | str:
    """Send a segment's definition once. The receiver may respond with what it did."""
    if not responses:
        definition = {
            "name": segment.name,
            "label": segment.label,
            "attribute": content.attribute(segment),
            "value": segment.value,
            "meaning": segment.meaning,
            "customers": segment.customers,
        }
        return post({"segment": definition}, digest(compact(definition)))
    response = _taken(responses[-1])
    action = response.body.get("segment") if isinstance(response.body, Mapping) else None
    if action in _ACTIONS:
        return str(action)
    return "created" if response.status == 201 else "kept"


def retire_request(segment: Segment, responses: Sequence[Response]) -> Request | None:
    """Send once that a segment is no longer in use."""
    if not responses:
        retired = {"name": segment.name, "label": segment.label}
        return post({"retired": retired}, digest(compact(retired)))
    _taken(responses[-1])
    return None


def _taken(response: Response) -> Response:
    """Return the response to a segment, which a receiver must not refuse."""
    if response.status < 400:
        return response
    raise Refused(
        f"the webhook's receiver refused a segment ({response.status}): let it respond with 200 to "
        "requests that it does not use"
    )


def size_request(_segment: Segment, _responses: Sequence[Response]) -> Request | int | None:
    """Return None: receivers do not report segment sizes."""
    return None
