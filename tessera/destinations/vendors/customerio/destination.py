"""Customer.io: attributes of one person a customer; people make the data-driven segments.

A person is upserted by ``id``, the shop's customer id. No address is sent: where it belongs to
somebody else, Customer.io gives that person our id, or merges the two for good, with whatever each
had said about messages (documented), and new workspaces do so by default.

No call of the Track API makes a data-driven segment, so each is one condition on an attribute, made
once by people, and never changes.

Documented: form, answers, hosts, 500 KB a batch and 32 KB an operation, an id of 150 bytes, 1,000
bytes a value, and 400 where the key for the account's region is wrong. The requests a second were
once given as 100, now as 1,000, beyond which data may be dropped; whether a batch's operations
count is not said, so we stay below the lower by requests, and below the higher by operations.
Documented of objects, assumed of people: that an empty text takes an attribute away; a stored one
would equal no label either.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from tessera.contracts.destinations import DESTINATIONS
from tessera.destinations import by_hand, content
from tessera.destinations.calls import Answer, Call, at, hosted, sort_out
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.port import Item, Outcome, compact
from tessera.errors import InvalidInput

BASE_URL = "https://track.customer.io"
EU_URL = "https://track-eu.customer.io"
TITLE = DESTINATIONS["customerio"].title
SECRET_FIELDS: tuple[str, ...] = ("site_id", "api_key")
BATCH = "/api/v2/batch"
REGION = "/api/v1/accounts/region"

_NOTHING = dict.fromkeys(content.NAMES, "")
_INVALID = "400"  # where an error has no reason: what Customer.io answers to a lone wrong request
_PARTLY = 207
_DENIED = 401


render, cleared = content.unaddressed, content.id_alone
segment_call, size_call = by_hand.segment_call, by_hand.size_call


# ---- people --------------------------------------------------------------------------------


def person(values: Mapping[str, str]) -> dict[str, Any]:
    """Return one operation of a batch from a content; an empty text takes an attribute away."""
    return {
        "type": "person",
        "identifiers": {"id": values.get("customer_id", "")},
        "action": "identify",
        "attributes": {**_NOTHING, **content.typed_values(values)},
    }


CAPABILITIES = Capabilities(
    requests=True,
    batch_items=100,
    batch_bytes=490_000,
    item_overhead_bytes=len(compact(person({}))) + 1,
    item_characters=7_500,  # of 32 KB, were each letter to take four bytes
    requests_per_minute=300,
    exchange_seconds=60,
    segments=False,
    volatile=content.VOLATILE,
    drifting=content.DRIFTING,
)


def auth(secret: Mapping[str, str]) -> dict[str, str]:
    """Return the header with the site id and the key of the Track API.

    Raises
    ------
    InvalidInput
        One of them has characters that none has, which the header's encoding would hide.
    """
    for field in SECRET_FIELDS:
        value = secret[field]
        if not (value.isascii() and value.isprintable()) or {" ", ":"} & set(value):
            raise InvalidInput(
                f"its field '{field}' has characters that none has, such as a space or a line "
                "break: store what Customer.io shows, and nothing else"
            )
    pair = ":".join(secret[field] for field in SECRET_FIELDS)
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def base_url(secret: Mapping[str, str]) -> str:
    """Return the region of the account, the American one where the secret names none.

    Raises
    ------
    InvalidInput
        The secret names none of Customer.io's.
    """
    return hosted(secret, (BASE_URL, EU_URL), what="region of Customer.io")


def next_call(items: Sequence[Item], answers: Sequence[Answer]) -> Call | None:
    """Upsert a batch by one call."""
    if answers:
        return None
    body = {"batch": [person(item.content) for item in items]}
    return Call("POST", BATCH, body, {"Content-Type": "application/json"})


def outcome(items: Sequence[Item], answers: Sequence[Answer]) -> Outcome:
    """Sort the items by the errors; where these leave some in doubt, they are sent again."""
    answer = answers[-1]
    blamed = [(_place(error, items), _said(error)) for error in _errors(answer)]
    refused = {place: said for place, said in reversed(blamed) if place is not None}
    if answer.status >= 400:
        return sort_out(items, refused, again=words(answer))
    at(answer, kind=Mapping)
    vague = [said[1] for place, said in blamed if place is None]
    if not vague and (refused or answer.status != _PARTLY):
        return sort_out(items, refused)
    said = vague[0] if vague else "Customer.io left some customers out and did not say whom"
    return sort_out(items, refused, again=("unknown", said))


def _errors(answer: Answer) -> list[Mapping[str, Any]]:
    listed = answer.body.get("errors") if isinstance(answer.body, Mapping) else None
    found = listed if isinstance(listed, list) else []
    return [one if isinstance(one, Mapping) else {"message": one} for one in found]


def _place(error: Mapping[str, Any], items: Sequence[Item]) -> int | None:
    """Return which of the items an error is about, None when it does not say."""
    index = error.get("batch_index")
    return index if isinstance(index, int) and 0 <= index < len(items) else None


def _said(error: Mapping[str, Any]) -> tuple[str, str]:
    """Return the reason, and the message with the field that it is about."""
    message = str(error.get("message") or error.get("reason") or "no reason given")
    field = str(error.get("field") or "")
    about = f" ({field})" if field and field not in message else ""
    return str(error.get("reason") or _INVALID), message + about


def words(answer: Answer) -> tuple[str, str]:
    """Return the reason and the message of the first error."""
    errors = _errors(answer)
    if errors:
        return _said(errors[0])
    meta = answer.body.get("meta") if isinstance(answer.body, Mapping) else None
    error = meta.get("error") if isinstance(meta, Mapping) else None  # the form of version 1
    return str(answer.status), str(error or "no reason given")


def status(answer: Answer) -> int:
    """Return the status that an answer means: of the account's region, 400 is about the key.

    A batch that is wrong comes back with its errors; the region has nothing else to say.
    """
    told = answer.body if isinstance(answer.body, Mapping) else {}
    denied = answer.status == 400 and (answer.empty or set(told) == {"meta"})
    return _DENIED if denied else answer.status


def check_call(answers: Sequence[Answer]) -> Call | None:
    """Read the account's region, which any valid key may."""
    return None if answers else Call("GET", REGION)
