"""A webhook: customers as signed JSON, sent to the shop's own receiver.

A batch has everything about its customers, so a receiver replaces what it has. The signature covers
the time and the body. A batch that is sent again has the same id. docs/webhook.md describes the
receiver's side.

We do not know who owns the URL. It must be https, and its host must be a public name. The transport
checks the addresses that the name resolves to. Redirects are not followed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tessera.contracts.destinations import DESTINATIONS
from tessera.destinations import content
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.port import Item, compact
from tessera.destinations.requests import Request, Response
from tessera.destinations.vendors.webhook import deliveries, erasing, receiver, segments

BASE_URL = "https://webhook.invalid"  # the secret has the real one
TITLE = DESTINATIONS["webhook"].title
SECRET_FIELDS: tuple[str, ...] = ("url", "signing_key")


render = content.addressed
sign, base_url = receiver.sign, receiver.base_url
next_request, outcome, words = deliveries.next_request, deliveries.outcome, deliveries.words
segment_request, retire_request = segments.segment_request, segments.retire_request
size_request = segments.size_request
erase_request = erasing.erase_request


CAPABILITIES = Capabilities(
    requests=True,
    batch_items=500,
    batch_bytes=999_800,  # of 1 MB, the rest for the delivery's id
    item_overhead_bytes=len(compact(deliveries.record(Item("", "", "-", {})))) + 1,
    item_characters=20_000,
    requests_per_minute=120,  # a receiver may be small
    exchange_seconds=120,
    addresses=content.ADDRESSES,
    volatile=content.VOLATILE,
    drifting=content.DRIFTING,
    erases="delete",
    moves=True,
)


def cleared(customer_id: str) -> dict[str, str]:
    """Return the content for a customer who left: only the id."""
    return {"customer_id": customer_id}


def auth(_secret: Mapping[str, str]) -> dict[str, str]:
    """Return no headers: the signature is the proof."""
    return {}


def check_request(responses: Sequence[Response]) -> Request | None:
    """Post an empty batch, whose signature the receiver can verify."""
    return None if responses else deliveries.batch(())
