"""Amazon SES v2: the contacts of an account's list, and files of recipients for each segment.

SES has no segments. What it can store is each contact's ``attributesData``, written by import jobs
(CreateImportJob, one JSON object per line: see "Using list management" in SES' Developer Guide). A
job replaces a contact completely: a field that a line omits is deleted, even an unsubscription. So
the line for an existing contact repeats its preferences as ListContacts returned them. The line
for a new contact has no preferences. A load removes nobody.

SES identifies contacts only by their addresses. When an address changes or a customer leaves, we
look up the contact that has our attributes by the ledger's trace.

Assumed: ``attributesData`` has no documented limit, so contents stay small. Addresses that differ
only in case belong to one person, and each of those contacts keeps its own preferences. The form of
the file of failed records is not documented: it has one line per record, with its address.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tessera.contracts.customer_profiles import is_set_attribute
from tessera.contracts.destinations import DESTINATIONS
from tessera.destinations import content
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.port import WAS, Customer, Item
from tessera.destinations.vendors.ses import contacts
from tessera.events.contact_points.channels import EMAIL, PHONE

TITLE = DESTINATIONS["ses"].title
CAPABILITIES = Capabilities(
    requests=True,
    batch_items=50_000,  # a job accepts a million lines, but they would not fit in memory
    item_characters=8_000,
    calls_a_batch=4,  # read a page of the list, create the job, and poll it twice
    requests_per_minute=60,
    exchange_seconds=180,
    lanes=1,
    membership="file",
    segments=False,
    thresholds=True,  # MapSchema writes their recipients too
    addresses=frozenset({EMAIL}),
    ascii_email=True,
    volatile=content.VOLATILE,
    drifting=content.DRIFTING,
    erases="delete",
)


def render(customer: Customer) -> dict[str, str]:
    """Return a customer's content, with ``email`` if the customer has an address.

    A customer without an address is no contact, so there is nothing to import or to refuse. SES
    accepts only ASCII before the @ (documented), so other addresses are omitted.
    """
    known = content.identity(customer)
    known.pop(PHONE, None)
    if not known.get(EMAIL, "").isascii():
        del known[EMAIL]
    return {**known, **content.attributes(customer)}


trace = contacts.trace
cleared = content.id_alone  # the trace identifies the contact that loses our attributes


def has_contact(item: Item) -> bool:
    """Return whether an item has a contact now, or had one before."""
    return "email" in item.content or WAS in item.content


def labels(values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield a customer's labels, as pairs of attribute and label."""
    for name, value in values.items():
        if name in content.LABELS or is_set_attribute(name):
            yield name, value
