"""Klaviyo's profiles: one import job per batch, polled until it ends, then its errors."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from tessera.destinations import content
from tessera.destinations.port import Item, Outcome
from tessera.destinations.requests import Malformed, Request, Response, at, sort_out
from tessera.destinations.vendors.klaviyo.api import code_and_message, errors_of, get, post, words

JOBS = "/api/profile-bulk-import-jobs"
_ERRORS_A_PAGE = 100
_PAUSES_SECONDS = (1, 2, 4, 8)  # before each poll of a job. The last one repeats
_PLACE = re.compile(r"/profiles/data/(\d+)(?:/|$)")
_QUOTED = {"external_id": "customer_id", "email": "email", "phone_number": "phone"}


def profile(values: Mapping[str, str]) -> dict[str, Any]:
    """Convert a content to one profile of an import job."""
    attributes: dict[str, Any] = {"external_id": values.get("customer_id", "")}
    if "email" in values:
        attributes["email"] = values["email"]
    if "phone" in values:
        attributes["phone_number"] = values["phone"]
    attributes["properties"] = content.typed_values(values)
    absent = [name for name in content.NAMES if name not in values]
    absent += content.removed(values)
    record = {"type": "profile", "attributes": attributes}
    return {**record, "meta": {"patch_properties": {"unset": absent}}} if absent else record


def next_request(items: Sequence[Item], responses: Sequence[Response]) -> Request | None:
    """Start an import job, poll it until it has ended, then read its errors, if any."""
    if not responses:
        return post(JOBS, "profile-bulk-import-job", _profiles(items))
    if responses[-1].status >= 400:
        return None
    job, seen = _job(responses)
    if seen is None or _status(seen) in ("queued", "processing"):
        looks = len(responses) - 1
        pause = _PAUSES_SECONDS[min(looks, len(_PAUSES_SECONDS) - 1)]
        return get(f"{JOBS}/{job}", wait_seconds=pause)
    if _status(seen) == "cancelled" or not _failed(seen):
        return None
    if responses[-1] is seen:
        return get(f"{JOBS}/{job}/import-errors?page%5Bsize%5D={_ERRORS_A_PAGE}")
    return _next_page(responses[-1], f"{JOBS}/{job}/import-errors")


def _profiles(items: Sequence[Item]) -> dict[str, Any]:
    return {"profiles": {"data": [profile(item.content) for item in items]}}


def outcome(items: Sequence[Item], responses: Sequence[Response]) -> Outcome:
    """Return the items' outcome from the job's errors. Unaccounted items are sent again."""
    if responses[-1].status >= 400:
        return sort_out(items, _blamed(items, errors_of(responses[-1])), again=words(responses[-1]))
    _, seen = _job(responses)
    if seen is None or _status(seen) == "cancelled":
        return sort_out(items, {}, again=("cancelled", "the import job was cancelled"))
    pages = [one for one in responses[1:] if _is_page(one)]
    refused = _blamed(items, [error for page in pages for error in errors_of(page)])
    if len(refused) >= _failed(seen):
        return sort_out(items, refused)
    unnamed = ("unknown", "the import failed for some customers without naming them")
    return sort_out(items, refused, again=unnamed)


def _job(responses: Sequence[Response]) -> tuple[str, Response | None]:
    """Return the job's id, and the last response with its status."""
    looks = [one for one in responses[1:] if not _is_page(one)]
    return quote(at(responses[0], "data", "id"), safe=""), looks[-1] if looks else None


def _is_page(response: Response) -> bool:
    return isinstance(response.body, Mapping) and isinstance(response.body.get("data"), list)


def _status(seen: Response) -> str:
    status: str = at(seen, "data", "attributes", "status")
    if status not in ("queued", "processing", "complete", "cancelled"):
        raise Malformed("the import job has an unknown status")
    return status


def _failed(seen: Response) -> int:
    return int(at(seen, "data", "attributes", kind=Mapping).get("failed_count") or 0)


def _next_page(page: Response, path: str) -> Request | None:
    links = page.body.get("links")
    link = links.get("next") if isinstance(links, Mapping) else None
    return get(f"{path}?{urlsplit(link).query}") if isinstance(link, str) and link else None


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
            blamed.setdefault(index, code_and_message(error))
    return blamed
