"""Iterable: fields of one user profile per customer. People create the segments as dynamic lists.

A profile is upserted by ``userId``, the shop's customer id. No address is sent: in some projects an
``email`` selects the profile before the id does.

Iterable has requests for static lists, but we do not use them. Static lists are among a user's
subscriptions: joining one starts journeys, and leaving one can unsubscribe from a whole channel. A
dynamic list is one condition on a field. People create it once, and it never changes.

Documented: form, responses, hosts, 52 characters per id, merging of fields. Reported by users: null
removes a value, 1,000 users and 4 MB per request. Assumed: a field of a wrong type refuses the
whole request. Our rate is less than half of the 10 requests per second of an older description.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tessera.contracts.destinations import DESTINATIONS
from tessera.destinations import by_hand, content
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.port import Item, Outcome, compact
from tessera.destinations.requests import Request, Response, at, hosted, sort_out
from tessera.destinations.vendors.iterable import erasing

BASE_URL = "https://api.iterable.com"
EU_URL = "https://api.eu.iterable.com"
TITLE = DESTINATIONS["iterable"].title
SECRET_FIELDS: tuple[str, ...] = ("api_key",)
UPDATE = "/api/users/bulkUpdate"
FIELDS = "/api/users/getFields"

_FAILED = "UserIds"  # the suffix of each list of failed ids


render, cleared = content.unaddressed, content.id_alone
segment_request, size_request = by_hand.segment_request, by_hand.size_request
erase_request = erasing.erase_request


# ---- users ---------------------------------------------------------------------------------


def user(values: Mapping[str, str]) -> dict[str, Any]:
    """Convert a content to one user of a request. Null clears a field."""
    return {
        "userId": values.get("customer_id", ""),
        "preferUserId": True,  # an unknown id creates a user, in every kind of project
        "dataFields": {
            **dict.fromkeys((*content.NAMES, *content.removed(values))),
            **content.typed_values(values),
        },
    }


CAPABILITIES = Capabilities(
    requests=True,
    batch_items=1_000,
    batch_bytes=3_000_000,
    item_overhead_bytes=len(compact(user({}))) + 1,
    item_characters=20_000,
    requests_per_minute=240,
    exchange_seconds=120,
    segments=False,
    merges=True,
    volatile=content.VOLATILE,
    drifting=content.DRIFTING,
    erases="delete",
    moves=True,
)


def auth(secret: Mapping[str, str]) -> dict[str, str]:
    """Return the header with the server-side API key."""
    return {"Api-Key": secret["api_key"]}


def base_url(secret: Mapping[str, str]) -> str:
    """Return the base URL of the project's data centre, by default the American one.

    Raises
    ------
    InvalidInput
        The secret's endpoint is not one of Iterable's.
    """
    return hosted(secret, (BASE_URL, EU_URL), what="data centre of Iterable")


def next_request(items: Sequence[Item], responses: Sequence[Response]) -> Request | None:
    """Upsert a batch by one request."""
    if responses:
        return None
    body = {"users": [user(item.content) for item in items]}
    return Request("POST", UPDATE, body, {"Content-Type": "application/json"})


def outcome(items: Sequence[Item], responses: Sequence[Response]) -> Outcome:
    """Return the items' outcome from the lists of failures. Unexplained items are sent again."""
    response = responses[-1]
    if response.status >= 400:
        return sort_out(items, {}, again=words(response))
    refused = _failed(items, response)
    dropped = _dropped(items, response)
    if dropped:
        reason = f"the project accepts no new fields and lacks {', '.join(dropped)}: add them there"
        return sort_out(items, refused, again=("filteredOutFields", reason))
    if at(response, "successCount", kind=int) + len(refused) >= len(items):
        return sort_out(items, refused)
    unnamed = ("unknown", "the update failed for some customers without naming them")
    return sort_out(items, refused, again=unnamed)


def _failed(items: Sequence[Item], response: Response) -> dict[int, tuple[str, str]]:
    """Map an item's index to a code and message: the list of failures that has the customer."""
    by_id = {item.customer_id: index for index, item in enumerate(items)}
    failed: dict[int, tuple[str, str]] = {}
    for name, ids in _lists(response):
        for index in [by_id[one] for one in ids if one in by_id]:
            code = name.removesuffix(_FAILED)
            failed.setdefault(index, (code, f"Iterable lists the customer in {name}"))
    return failed


def _lists(response: Response) -> Iterator[tuple[str, list[Any]]]:
    """Yield the lists of failed ids: the current ones, then the one of earlier API versions."""
    body = response.body if isinstance(response.body, Mapping) else {}
    for group in (body.get("failedUpdates"), body):
        for name, ids in (group or {}).items():
            if name.endswith(_FAILED) and isinstance(ids, list):
                yield name, [one for one in ids if isinstance(one, str)]


def _dropped(items: Sequence[Item], response: Response) -> list[str]:
    """Return the fields that were sent with a value and that the project did not accept."""
    named = response.body.get("filteredOutFields") if isinstance(response.body, Mapping) else None
    given = {name for item in items for name in item.content} - content.IDENTITY
    return sorted(given & set(named or []))


def words(response: Response) -> tuple[str, str]:
    """Return the code and message of an error response."""
    body = response.body if isinstance(response.body, Mapping) else {}
    return str(body.get("code") or response.status), str(body.get("msg") or "no reason given")


def check_request(responses: Sequence[Response]) -> Request | None:
    """Read the names of the project's fields."""
    return None if responses else Request("GET", FIELDS)
