"""Amazon Pinpoint, which ended on 2026-10-30: user attributes by import jobs, dimension segments.

All its code is in this folder, ``adapters/destinations/aws/pinpoint.py``,
``infra/destinations/pinpoint.py`` and ``local/services/pinpoint/``. The forms of files, jobs and
segments are from the Pinpoint API reference and the user guide's "Importing segments". The limits
are from "Amazon Pinpoint quotas": two jobs at once, 1 GB per job, names of 50 characters and values
of 100, 15 KB per endpoint, 15 endpoints per user.

Attributes belong to the user: Pinpoint shares them among all endpoints with the same user id. So
only one endpoint of ours has them, on the channel CUSTOM. Numbers are sent as text: a metric
belongs to one endpoint, and cannot be removed. An empty list removes an attribute, according to
Pinpoint's developers.

Assumed: an attribute that is emptied at one endpoint is emptied at all of the user's. A failure in
a job's list contains the endpoint's id. An endpoint on the channel CUSTOM may have any address.
"""

from __future__ import annotations

from tessera.contracts.destinations import DESTINATIONS
from tessera.destinations import content
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.port import Customer
from tessera.destinations.vendors.pinpoint.imports import CHANNELS, VALUE_CHARACTERS
from tessera.destinations.vendors.pinpoint.segments import NO_LABEL

TITLE = DESTINATIONS["pinpoint"].title
CAPABILITIES = Capabilities(
    requests=True,
    batch_items=10_000,
    batch_bytes=32_000_000,
    item_overhead_bytes=1_000,
    item_characters=5_000,
    calls_a_batch=5,
    exchange_seconds=150,
    lanes=1,
    merges=True,
    ended=DESTINATIONS["pinpoint"].ended,
    kinds=frozenset({"segment", "cluster", "set"}),  # attributes can't be compared as numbers
    addresses=content.ADDRESSES,
    volatile=content.VOLATILE,
    drifting=content.DRIFTING,
    erases="delete",
)

_PRODUCTS = "rfm_next_products"  # the others take more characters


def render(customer: Customer) -> dict[str, str]:
    """Return a customer's attributes, and the address on each channel that Pinpoint supports."""
    addresses = {
        contact.channel_type.lower(): contact.address
        for contact in customer.contacts
        if contact.channel_type in CHANNELS
    }
    values = content.unaddressed(customer)
    if products := values.pop(_PRODUCTS, ""):
        shorter = content.listed(products.split(content.BAR), most=VALUE_CHARACTERS)
        values |= {_PRODUCTS: shorter} if shorter else {}
    return {**addresses, **values}


def cleared(customer_id: str) -> dict[str, str]:
    """Return the content for a customer who left: all other attributes are removed."""
    return {"customer_id": customer_id, "rfm_segment": NO_LABEL}
