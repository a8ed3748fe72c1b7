"""HubSpot's active lists: segments as filters on the contacts' properties, matched by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from tessera.destinations import content
from tessera.destinations.requests import Malformed, Request, Response, at
from tessera.destinations.vendors.hubspot.api import VERSION, _headers, get, post
from tessera.errors import Refused
from tessera.records.loads.segment import Segment

LISTS = f"/crm/lists/{VERSION}"
_CONTACT_TYPE = "0-1"


def definition(segment: Segment) -> dict[str, Any]:
    """Return a list's filters: the property equals the label, or is within the bounds.

    A set's filters also require ``rfm_segment``, which is removed when a customer leaves. The
    names of users' own sets are not known when a customer is cleared.
    """
    name = content.attribute(segment)
    if segment.bounds:
        tests = {
            "IS_GREATER_THAN_OR_EQUAL_TO": segment.bounds.at_least,
            "IS_LESS_THAN_OR_EQUAL_TO": segment.bounds.at_most,
        }
        numbers = [
            {"operationType": "NUMBER", "operator": operator, "value": content.bound(value)}
            for operator, value in tests.items()
            if value
        ]
        within = [_filter(name, number) for number in numbers]
        return _branch("OR", branches=[_branch("AND", filters=within)])
    equals = {"operationType": "MULTISTRING", "operator": "IS_EQUAL_TO", "values": [segment.value]}
    filters = [_filter(name, equals)]
    if segment.kind == "set":
        known = {"operationType": "ALL_PROPERTY", "operator": "IS_KNOWN"}
        filters.append(_filter("rfm_segment", known))
    return _branch("OR", branches=[_branch("AND", filters=filters)])


def _branch(
    kind: str, *, branches: Sequence[Any] = (), filters: Sequence[Any] = ()
) -> dict[str, Any]:
    named = {"filterBranchType": kind, "filterBranchOperator": kind}
    return {**named, "filterBranches": list(branches), "filters": list(filters)}


def _filter(name: str, operation: Mapping[str, Any]) -> dict[str, Any]:
    test = {**operation, "includeObjectsWithNoValueSet": False}
    return {"filterType": "PROPERTY", "property": name, "operation": test}


def segment_request(segment: Segment, responses: Sequence[Response]) -> Request | str:
    """Look the list up by name, then create it, or change its filters if they differ.

    Raises
    ------
    Refused
        A list of that name exists and is not active.
    """
    if not responses:
        return get(f"{_by_name(segment)}?includeFilters=true")
    if len(responses) > 1:
        if responses[1].status >= 400:
            raise Malformed("the list was created or deleted by someone else meanwhile")
        return "created" if responses[0].status == 404 else "recreated"
    wanted = definition(segment)
    if responses[0].status == 404:
        kind = {"objectTypeId": _CONTACT_TYPE, "processingType": "DYNAMIC"}
        return post(LISTS, {"name": segment.name, **kind, "filterBranch": wanted})
    existing = at(responses[0], "list", kind=Mapping)
    if existing.get("processingType") != "DYNAMIC":
        raise Refused(f"HubSpot has a list {segment.name} that is not active: rename it there")
    if _covers(existing.get("filterBranch"), wanted):
        return "kept"
    path = f"{_list(responses[0])}/update-list-filters"
    return Request("PUT", path, {"filterBranch": wanted}, _headers(body=True))


def retire_request(segment: Segment, responses: Sequence[Response]) -> Request | None:
    """Look the list up by name, then delete it. HubSpot can restore it for 90 days."""
    if not responses:
        return get(_by_name(segment))
    if responses[0].status == 404 or len(responses) > 1:
        return None
    return Request("DELETE", _list(responses[0]), None, _headers(body=False))


def size_request(segment: Segment, responses: Sequence[Response]) -> Request | int | None:
    """Look the list up by name, and read its size. There is none while HubSpot computes it."""
    if not responses:
        return get(_by_name(segment))
    if responses[0].status >= 400:
        return None
    existing = at(responses[0], "list", kind=Mapping)
    size, is_complete = existing.get("size"), existing.get("processingStatus") == "COMPLETE"
    return size if isinstance(size, int) and is_complete else None


def _by_name(segment: Segment) -> str:
    return f"{LISTS}/object-type-id/{_CONTACT_TYPE}/name/{quote(segment.name, safe='')}"


def _list(response: Response) -> str:
    return f"{LISTS}/{quote(at(response, 'list', 'listId'), safe='')}"


def _covers(existing: Any, wanted: Any) -> bool:  # noqa: ANN401 (JSON is anything)
    """Return whether existing filters contain the wanted ones. HubSpot may add more fields."""
    if isinstance(wanted, Mapping):
        return isinstance(existing, Mapping) and all(
            _covers(existing.get(name), value) for name, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(existing, list)
            and len(existing) == len(wanted)
            and all(map(_covers, existing, wanted))
        )
    return bool(existing == wanted)
