"""Klaviyo: one profile per customer by bulk import jobs, segments on the profiles' properties.

A profile is upserted by ``external_id``, the shop's customer id. Imports merge: a property that is
omitted stays. So each profile also lists our properties to remove. We never change consent: an
import without lists changes no subscription.

Sources: Klaviyo's OpenAPI description, revision 2026-07-15, for shapes, limits and rates. Assumed:
that an import's error quotes the profile, or points at its position in the request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from tessera.contracts.destinations import DESTINATIONS
from tessera.destinations import content
from tessera.destinations.calls import Answer, Call, Malformed, at, sort_out
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.port import Item, Outcome, compact
from tessera.records.segment import Segment

BASE_URL = "https://a.klaviyo.com"
TITLE = DESTINATIONS["klaviyo"].title
SECRET_FIELDS: tuple[str, ...] = ("api_key",)
REVISION = "2026-07-15"
JOBS = "/api/profile-bulk-import-jobs"
SEGMENTS = "/api/segments"

_SELDOM = 15  # requests per minute that change a segment or read its size
_ERRORS_A_PAGE = 100
_PAUSES_SECONDS = (1, 2, 4, 8)  # before each poll of a job; the last one repeats
_PLACE = re.compile(r"/profiles/data/(\d+)(?:/|$)")
_QUOTED = {"external_id": "customer_id", "email": "email", "phone_number": "phone"}


render = content.addressed
cleared = content.id_alone  # an import merges, so missing properties are listed for removal


# ---- profiles ------------------------------------------------------------------------------


def profile(values: Mapping[str, str]) -> dict[str, Any]:
    """Convert a content to one profile of an import job."""
    attributes: dict[str, Any] = {"external_id": values.get("customer_id", "")}
    if "email" in values:
        attributes["email"] = values["email"]
    if "phone" in values:
        attributes["phone_number"] = values["phone"]
    attributes["properties"] = content.typed_values(values)
    absent = [name for name in content.NAMES if name not in values]
    record = {"type": "profile", "attributes": attributes}
    return {**record, "meta": {"patch_properties": {"unset": absent}}} if absent else record


CAPABILITIES = Capabilities(
    requests=True,
    name_characters="A-Za-z0-9_-",
    name_limit=64,
    batch_items=10_000,
    batch_bytes=4_990_000,  # of 5 MB
    item_overhead_bytes=len(compact(profile({}))) + 1,
    item_characters=20_000,  # under 100 KB, even at four bytes per character
    calls_a_batch=3,
    requests_per_minute=150,
    exchange_seconds=120,
    thresholds=True,
    addresses=content.ADDRESSES,
    volatile=content.VOLATILE,
    drifting=content.DRIFTING,
)


def auth(secret: Mapping[str, str]) -> dict[str, str]:
    """Return the headers with the private API key."""
    return {"Authorization": f"Klaviyo-API-Key {secret['api_key']}"}


def next_call(items: Sequence[Item], answers: Sequence[Answer]) -> Call | None:
    """Start an import job, poll it until it has ended, then read its errors, if any."""
    if not answers:
        return _post(JOBS, "profile-bulk-import-job", _profiles(items))
    if answers[-1].status >= 400:
        return None
    job, seen = _job(answers)
    if seen is None or _status(seen) in ("queued", "processing"):
        looks = len(answers) - 1
        pause = _PAUSES_SECONDS[min(looks, len(_PAUSES_SECONDS) - 1)]
        return _get(f"{JOBS}/{job}", wait_seconds=pause)
    if _status(seen) == "cancelled" or not _failed(seen):
        return None
    if answers[-1] is seen:
        return _get(f"{JOBS}/{job}/import-errors?page%5Bsize%5D={_ERRORS_A_PAGE}")
    return _next_page(answers[-1], f"{JOBS}/{job}/import-errors")


def _profiles(items: Sequence[Item]) -> dict[str, Any]:
    return {"profiles": {"data": [profile(item.content) for item in items]}}


def outcome(items: Sequence[Item], answers: Sequence[Answer]) -> Outcome:
    """Return the items' outcome from the job's errors. Unaccounted items are sent again."""
    if answers[-1].status >= 400:
        return sort_out(items, _blamed(items, _errors(answers[-1])), again=words(answers[-1]))
    _, seen = _job(answers)
    if seen is None or _status(seen) == "cancelled":
        return sort_out(items, {}, again=("cancelled", "the import job was cancelled"))
    pages = [one for one in answers[1:] if _is_page(one)]
    refused = _blamed(items, [error for page in pages for error in _errors(page)])
    if len(refused) >= _failed(seen):
        return sort_out(items, refused)
    unnamed = ("unknown", "the import failed for some customers without naming them")
    return sort_out(items, refused, again=unnamed)


def _job(answers: Sequence[Answer]) -> tuple[str, Answer | None]:
    """Return the job's id, and the last response with its status."""
    looks = [one for one in answers[1:] if not _is_page(one)]
    return quote(at(answers[0], "data", "id"), safe=""), looks[-1] if looks else None


def _is_page(answer: Answer) -> bool:
    return isinstance(answer.body, Mapping) and isinstance(answer.body.get("data"), list)


def _status(seen: Answer) -> str:
    status: str = at(seen, "data", "attributes", "status")
    if status not in ("queued", "processing", "complete", "cancelled"):
        raise Malformed("the import job has an unknown status")
    return status


def _failed(seen: Answer) -> int:
    return int(at(seen, "data", "attributes", kind=Mapping).get("failed_count") or 0)


def _next_page(page: Answer, path: str) -> Call | None:
    links = page.body.get("links")
    link = links.get("next") if isinstance(links, Mapping) else None
    return _get(f"{path}?{urlsplit(link).query}") if isinstance(link, str) and link else None


def _errors(answer: Answer) -> list[Mapping[str, Any]]:
    """Return a response's errors. A job's errors are resources, with the error as attributes."""
    body = answer.body if isinstance(answer.body, Mapping) else {}
    listed = body.get("errors") or body.get("data")
    errors = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    return [one.get("attributes") or one for one in errors]


def _blamed(
    items: Sequence[Item], errors: Sequence[Mapping[str, Any]]
) -> dict[int, tuple[str, str]]:
    """Map an item's index to its error's code and message.

    An error quotes the profile's ids or addresses, or points at its position in the request.
    """
    known = {
        (name, item.content[ours]): index
        for index, item in enumerate(items)
        for name, ours in _QUOTED.items()
        if ours in item.content
    }
    blamed: dict[int, tuple[str, str]] = {}
    for error in errors:
        payload = error.get("original_payload") or {}
        quoted = payload.get("attributes", payload)
        place = _PLACE.search(str((error.get("source") or {}).get("pointer")))
        by_quote = (known.get((name, str(quoted.get(name)))) for name in _QUOTED)
        index = next((one for one in by_quote if one is not None), int(place[1]) if place else -1)
        if 0 <= index < len(items):
            blamed.setdefault(index, _code_and_message(error))
    return blamed


def _code_and_message(error: Mapping[str, Any]) -> tuple[str, str]:
    message = error.get("detail") or error.get("title") or "no reason given"
    return str(error.get("code") or "invalid"), str(message)


def words(answer: Answer) -> tuple[str, str]:
    """Return the code and detail of the first error."""
    errors = _errors(answer)
    return _code_and_message(errors[0]) if errors else (str(answer.status), "no reason given")


# ---- segments ------------------------------------------------------------------------------


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


def segment_call(segment: Segment, answers: Sequence[Answer]) -> Call | str:
    """Look the segment up by name, then create it, or update it if its condition differs."""
    if not answers:
        return _find(segment)
    existing = _first(answers[0])
    if len(answers) > 1:
        at(answers[1], "data", "id")
        return "created" if existing is None else "recreated"
    wanted = {"name": segment.name, "definition": definition(segment)}
    if existing is None:
        return _post(SEGMENTS, "segment", wanted, per_minute=_SELDOM)
    if _without_nulls(existing.get("attributes", {}).get("definition")) == wanted["definition"]:
        return "kept"
    changed = {"type": "segment", "id": existing["id"], "attributes": wanted}
    return Call(
        "PATCH", _segment(existing), {"data": changed}, _headers(body=True), per_minute=_SELDOM
    )


def retire_call(segment: Segment, answers: Sequence[Answer]) -> Call | None:
    """Look the segment up by name, then delete it."""
    if not answers:
        return _find(segment)
    existing = _first(answers[0])
    if existing is None or len(answers) > 1:
        return None
    return Call("DELETE", _segment(existing), None, _headers(body=False), per_minute=_SELDOM)


def size_call(segment: Segment, answers: Sequence[Answer]) -> Call | int | None:
    """Look the segment up, then read its count, which is missing while Klaviyo computes it."""
    if not answers:
        return _find(segment)
    if len(answers) == 1:
        existing = _first(answers[0])
        if existing is None:
            return None
        count = "additional-fields%5Bsegment%5D=profile_count"
        return _get(f"{_segment(existing)}?{count}", per_minute=_SELDOM)
    attributes = at(answers[1], "data", "attributes", kind=Mapping)
    count = attributes.get("profile_count")
    return count if isinstance(count, int) and not attributes.get("is_processing") else None


def check_call(answers: Sequence[Answer]) -> Call | None:
    """Read one segment. It needs a permission that the run needs anyway."""
    return None if answers else _get(f"{SEGMENTS}?page%5Bsize%5D=1&fields%5Bsegment%5D=name")


def _find(segment: Segment) -> Call:
    test = quote(f'equals(name,"{segment.name}")', safe="")
    return _get(f"{SEGMENTS}?filter={test}&fields%5Bsegment%5D=name,definition")


def _first(answer: Answer) -> Mapping[str, Any] | None:
    """Return the listed segment with the lowest id, None if the list is empty."""
    at(answer, "data", kind=list)
    listed = [one for one in answer.body["data"] if isinstance(one, Mapping) and "id" in one]
    return min(listed, key=lambda one: str(one["id"])) if listed else None


def _segment(existing: Mapping[str, Any]) -> str:
    return f"{SEGMENTS}/{quote(str(existing['id']), safe='')}"


def _without_nulls(value: Any) -> Any:  # noqa: ANN401 (JSON is anything)
    """Return a definition without null values, which the service may add."""
    if isinstance(value, Mapping):
        return {name: _without_nulls(inner) for name, inner in value.items() if inner is not None}
    return [_without_nulls(inner) for inner in value] if isinstance(value, list) else value


# ---- calls ---------------------------------------------------------------------------------


def _headers(*, body: bool) -> dict[str, str]:
    form = "application/vnd.api+json"
    return {"revision": REVISION, "Accept": form, **({"Content-Type": form} if body else {})}


def _get(path: str, *, wait_seconds: float = 0, per_minute: int = 0) -> Call:
    return Call("GET", path, None, _headers(body=False), wait_seconds, per_minute)


def _post(path: str, kind: str, attributes: Mapping[str, Any], *, per_minute: int = 0) -> Call:
    body = {"data": {"type": kind, "attributes": attributes}}
    return Call("POST", path, body, _headers(body=True), per_minute=per_minute)
