"""Klaviyo's segments: conditions on the profiles' properties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from tessera.destinations import content
from tessera.destinations.requests import Request, Response, at
from tessera.destinations.vendors.klaviyo.api import get, headers, post
from tessera.records.loads.segment import Segment

SEGMENTS = "/api/segments"
_SELDOM = 15  # requests per minute that change a segment or read its size


def definition(segment: Segment) -> dict[str, Any]:
    """Return a segment's condition: the property equals the label, or is within the bounds.

    A set's condition also requires ``rfm_segment``, which is removed when a customer leaves.
    The names of users' own sets are not known when a customer is cleared.
    """
    name = content.attribute(segment)
    if segment.bounds:
        tests = [
            {"type": "numeric", "operator": operator, "value": content.bound(value)}
            for operator, value in (
                ("greater-than-or-equal", segment.bounds.at_least),
                ("less-than-or-equal", segment.bounds.at_most),
            )
            if value
        ]
        return {"condition_groups": [{"conditions": [_condition(name, test)]} for test in tests]}
    groups = [{"conditions": [_equals(name, segment.value)]}]
    if segment.kind == "set":
        exists = {"type": "existence", "operator": "is-set"}
        groups.append({"conditions": [_condition("rfm_segment", exists)]})
    return {"condition_groups": groups}


def _equals(name: str, value: str) -> dict[str, Any]:
    return _condition(name, {"type": "string", "operator": "equals", "value": value})


def _condition(name: str, test: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "profile-property", "property": f"properties['{name}']", "filter": test}


def segment_request(segment: Segment, responses: Sequence[Response]) -> Request | str:
    """Look the segment up by name, then create it, or update it if its condition differs."""
    if not responses:
        return _find(segment)
    existing = _first(responses[0])
    if len(responses) > 1:
        at(responses[1], "data", "id")
        return "created" if existing is None else "recreated"
    wanted = {"name": segment.name, "definition": definition(segment)}
    if existing is None:
        return post(SEGMENTS, "segment", wanted, per_minute=_SELDOM)
    if _without_nulls(existing.get("attributes", {}).get("definition")) == wanted["definition"]:
        return "kept"
    changed = {"type": "segment", "id": existing["id"], "attributes": wanted}
    return Request(
        "PATCH", _segment(existing), {"data": changed}, headers(body=True), per_minute=_SELDOM
    )


def retire_request(segment: Segment, responses: Sequence[Response]) -> Request | None:
    """Look the segment up by name, then delete it."""
    if not responses:
        return _find(segment)
    existing = _first(responses[0])
    if existing is None or len(responses) > 1:
        return None
    return Request("DELETE", _segment(existing), None, headers(body=False), per_minute=_SELDOM)


def size_request(segment: Segment, responses: Sequence[Response]) -> Request | int | None:
    """Look the segment up, then read its count, which is missing while Klaviyo computes it."""
    if not responses:
        return _find(segment)
    if len(responses) == 1:
        existing = _first(responses[0])
        if existing is None:
            return None
        count = "additional-fields%5Bsegment%5D=profile_count"
        return get(f"{_segment(existing)}?{count}", per_minute=_SELDOM)
    attributes = at(responses[1], "data", "attributes", kind=Mapping)
    count = attributes.get("profile_count")
    return count if isinstance(count, int) and not attributes.get("is_processing") else None


def check_request(responses: Sequence[Response]) -> Request | None:
    """Read one segment. It needs a permission that the run needs anyway."""
    return None if responses else get(f"{SEGMENTS}?page%5Bsize%5D=1&fields%5Bsegment%5D=name")


def _find(segment: Segment) -> Request:
    test = quote(f'equals(name,"{segment.name}")', safe="")
    return get(f"{SEGMENTS}?filter={test}&fields%5Bsegment%5D=name,definition")


def _first(response: Response) -> Mapping[str, Any] | None:
    """Return the listed segment with the lowest id, None if the list is empty."""
    at(response, "data", kind=list)
    listed = [one for one in response.body["data"] if isinstance(one, Mapping) and "id" in one]
    return min(listed, key=lambda one: str(one["id"])) if listed else None


def _segment(existing: Mapping[str, Any]) -> str:
    return f"{SEGMENTS}/{quote(str(existing['id']), safe='')}"


def _without_nulls(value: Any) -> Any:  # noqa: ANN401 (JSON is anything)
    """Return a definition without null values, which the service may add."""
    if isinstance(value, Mapping):
        return {name: _without_nulls(inner) for name, inner in value.items() if inner is not None}
    return [_without_nulls(inner) for inner in value] if isinstance(value, list) else value
