"""Braze: custom attributes of one user per customer. People create the segments in the dashboard.

A user is upserted by ``external_id``, the shop's customer id. No address is sent: Braze subscribes
a user whose ``email`` changes (documented), and we change nobody's consent. Users from the shop's
own integration keep their addresses, and users that we create have none.

No request creates a segment: each is one filter on an attribute in the dashboard, which never
changes. Every attribute that is sent counts as a data point, so a batch only has customers who
changed.

Documented: form, responses, 75 objects per request (50 in newer contracts), 3,000 requests in three
seconds, values cut at 255 characters, one host per instance. Reported by users: ``index`` and
``input_array`` of an error. Assumed: the size of a request. Our rate is less than half of the
limit, because newer contracts have their own limits. Success means that Braze has queued a request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tessera.contracts.destinations import DESTINATIONS
from tessera.destinations import by_hand, content
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.port import Item, Outcome, compact
from tessera.destinations.requests import ENDPOINT, Request, Response, at, errors_of, sort_out
from tessera.destinations.vendors.braze import erasing
from tessera.errors import InvalidInput

BASE_URL = ""  # each instance has its own
TITLE = DESTINATIONS["braze"].title
SECRET_FIELDS: tuple[str, ...] = ("api_key", ENDPOINT)
TRACK = "/users/track"

_HOST = re.compile(r"https://rest\.[a-z]{2,3}-[0-9]{2}\.braze\.(?:com|eu)")
_INVALID = "400"  # Braze's errors have no code: it responds with 400 to a single invalid object


render, cleared = content.unaddressed, content.id_alone
segment_request, size_request = by_hand.segment_request, by_hand.size_request
erase_request = erasing.erase_request


# ---- users ---------------------------------------------------------------------------------


def attributes(values: Mapping[str, str]) -> dict[str, Any]:
    """Convert a content to one attributes object. Null removes an attribute."""
    return {
        "external_id": values.get("customer_id", ""),
        "_update_existing_only": False,
        **dict.fromkeys((*content.NAMES, *content.removed(values))),
        **content.typed_values(values),
    }


CAPABILITIES = Capabilities(
    requests=True,
    batch_items=50,
    batch_bytes=1_000_000,
    item_overhead_bytes=len(compact(attributes({}))) + 1,
    item_characters=5_000,
    requests_per_minute=1_500,
    exchange_seconds=60,
    segments=False,
    merges=True,
    volatile=content.VOLATILE,
    drifting=content.DRIFTING,
    erases="delete",
    moves=True,
)


def auth(secret: Mapping[str, str]) -> dict[str, str]:
    """Return the header with the REST API key, which only needs the permission ``users.track``.

    Erasing people also needs ``users.delete``.
    """
    return {"Authorization": f"Bearer {secret['api_key']}"}


def base_url(secret: Mapping[str, str]) -> str:
    """Return the REST endpoint of the account's instance. The key is sent to no other host.

    Raises
    ------
    InvalidInput
        The secret's endpoint is not one of Braze's.
    """
    named = secret[ENDPOINT].rstrip("/")
    if _HOST.fullmatch(named):
        return named
    raise InvalidInput(
        f"its field '{ENDPOINT}' is no REST endpoint of Braze: expected the one of your instance, "
        "such as https://rest.iad-01.braze.com, without a path"
    )


def next_request(items: Sequence[Item], responses: Sequence[Response]) -> Request | None:
    """Upsert a batch by one request."""
    if responses:
        return None
    body = {"attributes": [attributes(item.content) for item in items]}
    return Request("POST", TRACK, body, {"Content-Type": "application/json"})


def outcome(items: Sequence[Item], responses: Sequence[Response]) -> Outcome:
    """Return the items' outcome from the errors. If these do not cover the count, send again."""
    response = responses[-1]
    blamed = [(_place(error, items), _message(error)) for error in errors_of(response, text="type")]
    refused = {place: (_INVALID, text) for place, text in reversed(blamed) if place is not None}
    if response.status >= 400:
        return sort_out(items, refused, again=words(response))
    at(response, "message")
    taken = len(items) - len(refused)
    vague = [text for place, text in blamed if place is None]
    if not vague and response.body.get("attributes_processed", taken) >= taken:
        return sort_out(items, refused)
    reason = vague[0] if vague else "Braze omitted some customers without naming them"
    return sort_out(items, refused, again=("unknown", reason))


def _place(error: Mapping[str, Any], items: Sequence[Item]) -> int | None:
    """Return the index of the item that an error is about, None if the error does not say."""
    index = error.get("index")
    if not isinstance(index, int) or error.get("input_array", "attributes") != "attributes":
        return None
    return index if 0 <= index < len(items) else None


def _message(error: Mapping[str, Any]) -> str:
    return str(error.get("type") or error.get("message") or "no reason given")


def words(response: Response) -> tuple[str, str]:
    """Return the status and the message of the first error, or of the response."""
    errors = errors_of(response, text="type")
    error = errors[0] if errors else response.body if isinstance(response.body, Mapping) else {}
    return str(response.status), _message(error)


def check_request(_responses: Sequence[Response]) -> None:
    """Return None: the key's one permission allows no request that changes nothing."""
