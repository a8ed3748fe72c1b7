"""Customer.io: attributes of one person per customer. People create the data-driven segments.

A person is upserted by ``id``, the shop's customer id. No address is sent. If it belonged to
another person, Customer.io would give that person our id, or merge the two permanently, with their
consents (documented). New workspaces do so by default.

No request of the Track API creates a data-driven segment. Each is one condition on an attribute,
created once by people, which never changes.

Documented: form, responses, hosts, 500 KB per batch, 32 KB per operation, 150 bytes per id, 1,000
bytes per value, and 400 if the key is wrong for the account's region. The documented limit was once
100 requests per second and is now 1,000, beyond which data may be dropped. Whether a batch's
operations count is not documented. So our requests stay below the lower limit, and our operations
below the higher one. Documented for objects, assumed for people: an empty text removes an
attribute. Even if it is stored, it equals no label.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from tessera.contracts.destinations import DESTINATIONS
from tessera.destinations import by_hand, content
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.port import Item, Outcome, compact
from tessera.destinations.requests import Request, Response, at, errors_of, hosted, sort_out
from tessera.destinations.vendors.customerio import erasing
from tessera.errors import InvalidInput

BASE_URL = "https://track.customer.io"
EU_URL = "https://track-eu.customer.io"
TITLE = DESTINATIONS["customerio"].title
SECRET_FIELDS: tuple[str, ...] = ("site_id", "api_key")
BATCH = "/api/v2/batch"
REGION = "/api/v1/accounts/region"

_NOTHING = dict.fromkeys(content.NAMES, "")
_INVALID = "400"  # an error without a reason: the status of a single invalid operation
_PARTLY = 207
_DENIED = 401


render, cleared = content.unaddressed, content.id_alone
segment_request, size_request = by_hand.segment_request, by_hand.size_request
erase_request = erasing.erase_request


# ---- people --------------------------------------------------------------------------------


def person(values: Mapping[str, str]) -> dict[str, Any]:
    """Convert a content to one operation of a batch. An empty text removes an attribute."""
    return {
        "type": "person",
        "identifiers": {"id": values.get("customer_id", "")},
        "action": "identify",
        "attributes": {
            **_NOTHING,
            **dict.fromkeys(content.removed(values), ""),
            **content.typed_values(values),
        },
    }


CAPABILITIES = Capabilities(
    requests=True,
    batch_items=100,
    batch_bytes=490_000,
    item_overhead_bytes=len(compact(person({}))) + 1,
    item_characters=7_500,  # under 32 KB, even at four bytes per character
    requests_per_minute=300,
    exchange_seconds=60,
    segments=False,
    merges=True,
    volatile=content.VOLATILE,
    drifting=content.DRIFTING,
    erases="delete",
    moves=True,
)


def auth(secret: Mapping[str, str]) -> dict[str, str]:
    """Return the header with the site id and the key of the Track API.

    Raises
    ------
    InvalidInput
        One of them has invalid characters, which the header's encoding would hide.
    """
    for field in SECRET_FIELDS:
        value = secret[field]
        if not (value.isascii() and value.isprintable()) or {" ", ":"} & set(value):
            raise InvalidInput(
                f"its field '{field}' has invalid characters, such as a space or a line break: "
                "store exactly what Customer.io shows"
            )
    pair = ":".join(secret[field] for field in SECRET_FIELDS)
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def base_url(secret: Mapping[str, str]) -> str:
    """Return the base URL of the account's region, by default the American one.

    Raises
    ------
    InvalidInput
        The secret's endpoint is not one of Customer.io's.
    """
    return hosted(secret, (BASE_URL, EU_URL), what="region of Customer.io")


def next_request(items: Sequence[Item], responses: Sequence[Response]) -> Request | None:
    """Upsert a batch by one request."""
    if responses:
        return None
    body = {"batch": [person(item.content) for item in items]}
    return Request("POST", BATCH, body, {"Content-Type": "application/json"})


def outcome(items: Sequence[Item], responses: Sequence[Response]) -> Outcome:
    """Return the items' outcome from the errors. If these name no item, send the rest again."""
    response = responses[-1]
    blamed = [(_place(error, items), _code_and_message(error)) for error in errors_of(response)]
    refused = {place: reason for place, reason in reversed(blamed) if place is not None}
    if response.status >= 400:
        return sort_out(items, refused, again=words(response))
    at(response, kind=Mapping)
    vague = [message for place, (_, message) in blamed if place is None]
    if not vague and (refused or response.status != _PARTLY):
        return sort_out(items, refused)
    reason = vague[0] if vague else "Customer.io omitted some customers without naming them"
    return sort_out(items, refused, again=("unknown", reason))


def _place(error: Mapping[str, Any], items: Sequence[Item]) -> int | None:
    """Return the index of the item that an error is about, None if the error does not say."""
    index = error.get("batch_index")
    return index if isinstance(index, int) and 0 <= index < len(items) else None


def _code_and_message(error: Mapping[str, Any]) -> tuple[str, str]:
    """Return an error's reason, and its message with the field that it is about."""
    message = str(error.get("message") or error.get("reason") or "no reason given")
    field = str(error.get("field") or "")
    about = f" ({field})" if field and field not in message else ""
    return str(error.get("reason") or _INVALID), message + about


def words(response: Response) -> tuple[str, str]:
    """Return the reason and the message of the first error."""
    errors = errors_of(response)
    if errors:
        return _code_and_message(errors[0])
    meta = response.body.get("meta") if isinstance(response.body, Mapping) else None
    error = meta.get("error") if isinstance(meta, Mapping) else None  # the form of version 1
    return str(response.status), str(error or "no reason given")


def status(response: Response) -> int:
    """Map 400 without errors to 401: it means that the key is wrong for the account's region.

    The response to an invalid batch has errors.
    """
    body = response.body if isinstance(response.body, Mapping) else {}
    denied = response.status == 400 and (response.empty or set(body) == {"meta"})
    return _DENIED if denied else response.status


def check_request(responses: Sequence[Response]) -> Request | None:
    """Read the account's region, which any valid key may do."""
    return None if responses else Request("GET", REGION)
