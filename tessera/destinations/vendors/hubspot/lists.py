"""HubSpot's active lists: segments as filters on the contacts' properties, found by their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from tessera.destinations import content
from tessera.destinations.calls import Answer, Call, Malformed, at
from tessera.destinations.port import Segment
from tessera.errors import Refused

VERSION = "2026-09"
LISTS = f"/crm/lists/{VERSION}"
_CONTACT_TYPE = "0-1"


def definition(segment: Segment) -> dict[str, Any]:
    """Return the filters of a list: the property equals the label, or lies within bounds.

    In a set it also asks for ``rfm_segment``, which whoever left has no more: the names of users'
    own sets are not known when a customer is cleared.
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
    told = {**operation, "includeObjectsWithNoValueSet": False}
    return {"filterType": "PROPERTY", "property": name, "operation": told}


def segment_call(segment: Segment, answers: Sequence[Answer]) -> Call | str:
    """Find the list by its name, then create it, or change its filters where they differ.

    Raises
    ------
    Refused
        A list of that name finds no members by itself.
    """
    if not answers:
        return get(f"{_by_name(segment)}?includeFilters=true")
    if len(answers) > 1:
        if answers[1].status >= 400:
            raise Malformed("somebody else made or deleted it meanwhile")
        return "created" if answers[0].status == 404 else "recreated"
    wanted = definition(segment)
    if answers[0].status == 404:
        kind = {"objectTypeId": _CONTACT_TYPE, "processingType": "DYNAMIC"}
        return post(LISTS, {"name": segment.name, **kind, "filterBranch": wanted})
    found = at(answers[0], "list", kind=Mapping)
    if found.get("processingType") != "DYNAMIC":
        raise Refused(f"HubSpot has a list {segment.name} that is not active: rename it there")
    if _covers(found.get("filterBranch"), wanted):
        return "kept"
    path = f"{_list(answers[0])}/update-list-filters"
    return Call("PUT", path, {"filterBranch": wanted}, _headers(body=True))


def retire_call(segment: Segment, answers: Sequence[Answer]) -> Call | None:
    """Find the list by its name, then delete it; HubSpot can restore it for 90 days."""
    if not answers:
        return get(_by_name(segment))
    if answers[0].status == 404 or len(answers) > 1:
        return None
    return Call("DELETE", _list(answers[0]), None, _headers(body=False))


def size_call(segment: Segment, answers: Sequence[Answer]) -> Call | int | None:
    """Find the list by its name: its size is there, unless it is being worked out."""
    if not answers:
        return get(_by_name(segment))
    if answers[0].status >= 400:
        return None
    found = at(answers[0], "list", kind=Mapping)
    size = found.get("size")
    return size if isinstance(size, int) and found.get("processingStatus") == "COMPLETE" else None


def _by_name(segment: Segment) -> str:
    return f"{LISTS}/object-type-id/{_CONTACT_TYPE}/name/{quote(segment.name, safe='')}"


def _list(answer: Answer) -> str:
    return f"{LISTS}/{quote(at(answer, 'list', 'listId'), safe='')}"


def _covers(found: Any, wanted: Any) -> bool:  # noqa: ANN401 (JSON is anything)
    """Tell whether what is there says all that is wanted; the service adds what it likes."""
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(
            _covers(found.get(name), value) for name, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(found, list)
            and len(found) == len(wanted)
            and all(map(_covers, found, wanted))
        )
    return bool(found == wanted)


# ---- calls ---------------------------------------------------------------------------------


def _headers(*, body: bool) -> dict[str, str]:
    form = "application/json"
    return {"Accept": form, **({"Content-Type": form} if body else {})}


def get(path: str) -> Call:
    """Return a call that reads."""
    return Call("GET", path, None, _headers(body=False))


def post(path: str, body: Mapping[str, Any]) -> Call:
    """Return a call that writes."""
    return Call("POST", path, body, _headers(body=True))
