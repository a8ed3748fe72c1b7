"""A webhook: customers as signed JSON, sent to the shop's own receiver.

A batch has everything about its customers, so a receiver replaces what it has. The signature covers
the time and the body. A batch that is sent again has the same id. docs/webhook.md describes the
receiver's side.

We do not know who owns the URL. It must be https, and its host must be a public name. The transport
checks the addresses that the name resolves to. Redirects are not followed.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tessera.contracts.destinations import DESTINATIONS
from tessera.destinations import content
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.planning.ledger import CLEARED
from tessera.destinations.port import Item, Outcome, compact
from tessera.destinations.requests import Malformed, Request, Response, at, sort_out
from tessera.errors import InvalidInput, Refused
from tessera.records.segment import Segment

BASE_URL = "https://webhook.invalid"  # the secret has the real one
TITLE = DESTINATIONS["webhook"].title
SECRET_FIELDS: tuple[str, ...] = ("url", "signing_key")
SIGNATURE = "Tessera-Signature"
DELIVERY = "Tessera-Delivery"

_SHORTEST_KEY = 16
_LONGEST_WORDS = 200  # the receiver's text is copied into our messages
_ACTIONS = ("created", "kept", "recreated")
_NAME = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})"
# Lists every allowed character, so that all URL parsers agree on which part is the host.
_URL = re.compile(
    rf"https://{_NAME}(?::\d{{1,5}})?(?:[/?][\w./?&=%~:@!$'()*+,;-]*)?", re.ASCII | re.IGNORECASE
)
_INWARD = frozenset(
    {"arpa", "corp", "home", "internal", "intranet", "lan", "local", "localdomain", "localhost",
     "private"}
)  # fmt: skip


render = content.addressed


def cleared(customer_id: str) -> dict[str, str]:
    """Return the content for a customer who left: only the id."""
    return {"customer_id": customer_id}


# ---- the secret ----------------------------------------------------------------------------


def auth(_secret: Mapping[str, str]) -> dict[str, str]:
    """Return no headers: the signature is the proof."""
    return {}


def sign(secret: Mapping[str, str], body: bytes, unix_seconds: int) -> dict[str, str]:
    """Return the header with the HMAC-SHA-256 of the time, a full stop and the body.

    Raises
    ------
    InvalidInput
        The key is too short to be secure.
    """
    key = secret["signing_key"].encode()
    if len(key) < _SHORTEST_KEY:
        raise InvalidInput(
            f"signing_key has fewer than {_SHORTEST_KEY} characters: generate a longer one, and "
            "give it to the receiver too"
        )
    signature = hmac.new(key, b"%d.%b" % (unix_seconds, body), hashlib.sha256).hexdigest()
    return {SIGNATURE: f"t={unix_seconds},v1={signature}"}


def base_url(secret: Mapping[str, str]) -> str:
    """Return the receiver's URL.

    Raises
    ------
    InvalidInput
        It is not https, or its host is an IP address or a name inside a network.
    """
    match = _URL.fullmatch(secret["url"])
    if match is None or match[1].lower() in _INWARD:
        raise InvalidInput(
            "url must be of the form https://<public host name>/<path>: no http, no IP address, "
            "no name inside a network, no user, no fragment"
        )
    return secret["url"]


# ---- customers -----------------------------------------------------------------------------


def record(item: Item) -> dict[str, Any]:
    """Return one customer of a batch."""
    values = item.content
    identity = {name: value for name, value in values.items() if name in content.IDENTITY}
    attributes = {name: value for name, value in values.items() if name not in content.IDENTITY}
    return {**identity, "attributes": attributes, "left": item.digest == CLEARED}


CAPABILITIES = Capabilities(
    requests=True,
    batch_items=500,
    batch_bytes=999_800,  # of 1 MB, the rest for the delivery's id
    item_overhead_bytes=len(compact(record(Item("", "", "-", {})))) + 1,
    item_characters=20_000,
    requests_per_minute=120,  # a receiver may be small
    exchange_seconds=120,
    addresses=content.ADDRESSES,
    volatile=content.VOLATILE,
    drifting=content.DRIFTING,
)


def delivery(items: Sequence[Item]) -> str:
    """Return the id of a batch: the same as long as its customers are the same.

    It covers the contents and not only the digests. So a change that is undone later is not taken
    for a repetition.
    """
    return _digest("".join(item.to_line() for item in items))


def next_request(items: Sequence[Item], responses: Sequence[Response]) -> Request | None:
    """Post the batch."""
    return None if responses else _batch(items)


def outcome(items: Sequence[Item], responses: Sequence[Response]) -> Outcome:
    """Return the items' outcome. Success acknowledges all that the receiver does not refuse.

    A successful response has no body or a JSON object. Anything else is a proxy's page.
    """
    response = responses[-1]
    if response.status >= 400:
        return sort_out(items, _refused(items, response), again=words(response))
    if not response.empty:
        at(response, kind=Mapping)
    return sort_out(items, _refused(items, response))


def _batch(items: Sequence[Item]) -> Request:
    name = delivery(items)
    return _post({"delivery": name, "customers": [record(item) for item in items]}, name)


def _refused(items: Sequence[Item], response: Response) -> dict[int, tuple[str, str]]:
    """Map an item's index to the code and message of its refusal."""
    by_id = {item.customer_id: index for index, item in enumerate(items)}
    refused: dict[int, tuple[str, str]] = {}
    for one in _listed(response):
        index = by_id.get(str(one.get("customer_id")))
        if index is None:
            raise Malformed("the response refuses a customer who was not sent")
        refused.setdefault(index, _code_and_message(one))
    return refused


def _listed(response: Response) -> Sequence[Mapping[str, Any]]:
    listed = response.body.get("refused", []) if isinstance(response.body, Mapping) else []
    if not isinstance(listed, list) or not all(isinstance(one, Mapping) for one in listed):
        raise Malformed("'refused' is no list of objects")
    return listed


def _code_and_message(error: Mapping[str, Any]) -> tuple[str, str]:
    return str(error.get("code") or "refused"), str(error.get("message") or "no reason given")


def words(response: Response) -> tuple[str, str]:
    """Return the code and message of the first refusal, or else of the response."""
    body = response.body if isinstance(response.body, Mapping) else {}
    listed = _listed(response)
    code, message = _code_and_message(listed[0] if listed else {"code": response.status, **body})
    return _plain(code), _plain(message)


def _plain(text: str) -> str:
    return "".join(letter for letter in text[:_LONGEST_WORDS] if letter.isprintable())


# ---- segments ------------------------------------------------------------------------------


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
        return _post({"segment": definition}, _digest(compact(definition)))
    response = _taken(responses[-1])
    action = response.body.get("segment") if isinstance(response.body, Mapping) else None
    if action in _ACTIONS:
        return str(action)
    return "created" if response.status == 201 else "kept"


def retire_request(segment: Segment, responses: Sequence[Response]) -> Request | None:
    """Send once that a segment is no longer in use."""
    if not responses:
        retired = {"name": segment.name, "label": segment.label}
        return _post({"retired": retired}, _digest(compact(retired)))
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


def check_request(responses: Sequence[Response]) -> Request | None:
    """Post an empty batch, whose signature the receiver can verify."""
    return None if responses else _batch(())


# ---- requests ------------------------------------------------------------------------------


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _post(body: Mapping[str, Any], name: str) -> Request:
    form = "application/json"
    return Request("POST", "", body, {"Accept": form, "Content-Type": form, DELIVERY: name})
