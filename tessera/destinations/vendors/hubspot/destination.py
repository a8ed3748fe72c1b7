"""HubSpot: one contact per customer by batch upserts, active lists on the contacts' properties.

A contact is upserted by our unique property ``tessera_customer_id``. Upserts merge, so a property
that a customer no longer has is sent empty, which clears it. We never change consent, and we add
nobody to a list: an active list selects its members itself. HubSpot stores opt-outs by address. So
we set the address of a contact that has none, and never change one.

Sources: HubSpot's OpenAPI descriptions, version 2026-09, for paths and shapes. Its guides, for 100
customers per request, for reading contacts by ``email``, for clearing by an empty text, for the
form of list filters, and for 100 requests in ten seconds with the smallest plan. Documented for
batch creation, and assumed for upserts: customers with an ``objectWriteTraceId`` are refused one by
one. Without it, one refusal refuses the batch. Users report 207 for a read of contacts if some do
not exist. Assumed: 404 for a list and for a group that do not exist, and 1 MB per request.
"""

from __future__ import annotations

from collections.abc import Mapping

from tessera.contracts.destinations import DESTINATIONS
from tessera.destinations import content
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.port import compact
from tessera.destinations.vendors.hubspot import api, contacts, erasing, lists, properties

BASE_URL = "https://api.hubapi.com"
TITLE = DESTINATIONS["hubspot"].title
SECRET_FIELDS: tuple[str, ...] = ("access_token",)


render = content.addressed
cleared = content.id_alone  # an upsert merges, so missing properties are sent empty
next_request, outcome, words = contacts.next_request, contacts.outcome, api.words
contact = contacts.contact
check_request, prepare_request = properties.check_request, properties.prepare_request
missing = properties.missing
definition = lists.definition
segment_request, retire_request = lists.segment_request, lists.retire_request
size_request = lists.size_request
erase_request = erasing.erase_request


CAPABILITIES = Capabilities(
    requests=True,
    name_characters="A-Za-z0-9_-",
    name_limit=64,
    batch_items=100,
    batch_bytes=999_900,
    item_overhead_bytes=len(compact(contacts.contact({}, trace="99"))) + 1,
    item_characters=20_000,  # a value may have 65,536
    calls_a_batch=3,  # in a first load, 4 if contacts are adopted, and 2 in later loads
    requests_per_minute=300,  # of 600, which other apps share
    exchange_seconds=120,
    thresholds=True,
    merges=True,
    addresses=content.ADDRESSES,
    volatile=content.VOLATILE,
    drifting=content.DRIFTING,
    erases="delete",
    moves=True,
)


def auth(secret: Mapping[str, str]) -> dict[str, str]:
    """Return the header with the private app's token."""
    return {"Authorization": f"Bearer {secret['access_token']}"}
