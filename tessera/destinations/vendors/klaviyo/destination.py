"""Klaviyo: one profile per customer by bulk import jobs, segments on the profiles' properties.

A profile is upserted by ``external_id``, the shop's customer id. Imports merge: a property that is
omitted stays. So each profile also lists our properties to remove. We never change consent: an
import without lists changes no subscription.

Sources: Klaviyo's OpenAPI description, revision 2026-07-15, for shapes, limits and rates. Assumed:
that an import's error quotes the profile, or points at its position in the request.
"""

from __future__ import annotations

from collections.abc import Mapping

from tessera.contracts.destinations import DESTINATIONS
from tessera.destinations import content
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.port import compact
from tessera.destinations.vendors.klaviyo import api, erasing, imports, segments

BASE_URL = "https://a.klaviyo.com"
TITLE = DESTINATIONS["klaviyo"].title
SECRET_FIELDS: tuple[str, ...] = ("api_key",)


render = content.addressed
cleared = content.id_alone  # an import merges, so missing properties are listed for removal
next_request, outcome, words = imports.next_request, imports.outcome, api.words
definition, segment_request = segments.definition, segments.segment_request
retire_request, size_request = segments.retire_request, segments.size_request
check_request, erase_request = segments.check_request, erasing.erase_request


CAPABILITIES = Capabilities(
    requests=True,
    name_characters="A-Za-z0-9_-",
    name_limit=64,
    batch_items=10_000,
    batch_bytes=4_990_000,  # of 5 MB
    item_overhead_bytes=len(compact(imports.profile({}))) + 1,
    item_characters=20_000,  # under 100 KB, even at four bytes per character
    calls_a_batch=3,
    requests_per_minute=150,
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
    """Return the headers with the private API key."""
    return {"Authorization": f"Klaviyo-API-Key {secret['api_key']}"}
