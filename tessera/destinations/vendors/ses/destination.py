"""Amazon SES v2: the contacts of an account's list, and files of recipients for each segment.

SES has no segments. What it can store is each contact's ``attributesData``, written by import jobs
(CreateImportJob, one JSON object per line; "Using list management" in SES' Developer Guide). A job
replaces a contact completely: a field that a line omits is deleted, even an unsubscription. So the
line for an existing contact repeats its preferences as ListContacts returned them. The line for a
new contact has no preferences. Nobody is removed from the list.

SES identifies contacts only by their addresses. When an address changes or a customer leaves, we
look up the contact that has our attributes by the ledger's trace.

Assumed: ``attributesData`` has no documented limit, so contents stay small. Addresses that differ
only in case belong to one person, and each of those contacts keeps its own preferences. The form of
the file of failed records is not documented: it has one line per record, with its address.
"""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

from tessera.contracts.customer_profiles import set_attribute
from tessera.contracts.destinations import DESTINATIONS
from tessera.destinations import content
from tessera.destinations.calls import Malformed, sort_out
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.port import WAS, Customer, Item, Outcome, compact
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
)
OURS = "tessera"  # the only key in attributesData, which marks a contact as ours
COMPLETED = "COMPLETED"
ENDED = (COMPLETED, "FAILED", "CANCELLED")
STATUSES = (*ENDED, "CREATED", "PROCESSING")
_TRACE_DIGITS = 32
_SHOWN = 300
_FOLDED = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_ADDRESS = re.compile(r"[^\s\"',;:<>{}\[\]()\\]+@[^\s\"',;:<>{}\[\]()\\]+")
_RECORD = frozenset({"emailAddress", "unsubscribeAll", "attributesData", "topicPreferences"})
_SILENT = "no reason given"
_REFUSED = "400"  # SES gives no codes


@dataclasses.dataclass(frozen=True, slots=True)
class ListContact:
    """A contact of the list: its spelling of the address, and its preferences.

    ``topics`` are the explicit preferences, as pairs of topic and OPT_IN or OPT_OUT.
    """

    address: str = dataclasses.field(repr=False)
    unsubscribed: bool
    topics: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, listed: Mapping[str, Any]) -> ListContact:
        """Parse an entry of ListContacts, or the response of GetContact.

        Raises
        ------
        Malformed
            It lacks the contact's preferences, so nothing may be imported.
        """
        address, unsubscribed = listed.get("EmailAddress"), listed.get("UnsubscribeAll")
        topics = [
            (one.get("TopicName"), one.get("SubscriptionStatus"))
            for one in listed.get("TopicPreferences", [])
        ]
        if not address or not isinstance(unsubscribed, bool) or not all(map(all, topics)):
            raise Malformed("a contact lacks its preferences")
        return cls(address, unsubscribed, tuple(topics))


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


cleared = content.id_alone  # the trace identifies the contact that loses our attributes


def trace(values: Mapping[str, str]) -> str:
    """Return the mark of a content's contact, or an empty string without a contact."""
    return mark(values["email"]) if "email" in values else ""


def mark(address: str) -> str:
    """Hash an address to 32 hex digits, ignoring the case of its letters."""
    folded = address.strip().translate(_FOLDED)
    return hashlib.sha256(folded.encode()).hexdigest()[:_TRACE_DIGITS]


def has_contact(item: Item) -> bool:
    """Return whether an item has a contact now, or had one before."""
    return "email" in item.content or WAS in item.content


def by_mark(contacts: Iterable[ListContact]) -> dict[str, list[ListContact]]:
    """Group the contacts of a list by the mark of their address."""
    groups: dict[str, list[ListContact]] = {}
    for one in contacts:
        groups.setdefault(mark(one.address), []).append(one)
    return groups


def lines(
    items: Sequence[Item], *, known: Mapping[str, Sequence[ListContact]], owned: Container[str]
) -> Iterator[str]:
    """Yield the lines of an import file.

    Parameters
    ----------
    items
        A batch.
    known
        The list's current contacts by ``mark``.
    owned
        The marks of all addresses of this run's customers. A contact that now belongs to another
        customer keeps that customer's attributes.
    """
    taken = {trace(item.content) for item in items}
    for item in items:
        address, was = item.content.get("email"), item.content.get(WAS, "")
        if address is not None:
            data = attributes_data(item.content)
            held = known.get(mark(address), ())
            yield from (line(one.address, data, contact=one) for one in held)
            if not held:
                yield line(address, data)
        if was and was not in taken and was not in owned:
            yield from (line(one.address, "{}", contact=one) for one in known.get(was, ()))


def line(address: str, data: str, *, contact: ListContact | None = None) -> str:
    """Return a line of an import file, with the contact's preferences if it exists."""
    record: dict[str, Any] = {"emailAddress": address, "attributesData": data}
    if contact is not None:
        record["unsubscribeAll"] = contact.unsubscribed
        record["topicPreferences"] = [
            {"topicName": topic, "subscriptionStatus": status} for topic, status in contact.topics
        ]
    return compact(record) + "\n"


def attributes_data(values: Mapping[str, str]) -> str:
    """Return a content as ``attributesData``: the id and the attributes, under our key."""
    return compact({OURS: template_data(values)})


def template_data(values: Mapping[str, str]) -> dict[str, str]:
    """Return the data for a message template: the id and the attributes, without the address."""
    return {name: value for name, value in values.items() if name not in ("email", WAS)}


def labels(values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield a customer's labels, as pairs of attribute and label."""
    for name, value in values.items():
        if name in content.LABELS or name.startswith(set_attribute("")):
            yield name, value


def is_ours(data: str | None) -> bool:
    """Return whether a contact's ``attributesData`` may be replaced: empty, or only our key."""
    try:
        stored = json.loads(data or "{}")
    except ValueError:
        return False
    return isinstance(stored, dict) and set(stored) <= {OURS}


def outcome(items: Sequence[Item], job: Mapping[str, Any], failed: str) -> Outcome:
    """Return the outcome of a completed job.

    If more records failed than the file names, nobody is acknowledged. All are refused, because
    another import would fail in the same way.

    Parameters
    ----------
    items
        The job's batch.
    job
        The response of GetImportJob.
    failed
        The file of failed records, or an empty string if there is none.
    """
    whose = {item.content.get(WAS, ""): index for index, item in enumerate(items)}
    whose |= {trace(item.content): index for index, item in enumerate(items)}
    whose.pop("", None)
    refused: dict[int, tuple[str, str]] = {}
    named = 0
    for text in failed.split("\n"):
        addresses, words = _read(text)
        indexes = [whose[one] for one in map(mark, addresses) if one in whose]
        named += bool(indexes)
        refused |= dict.fromkeys(indexes[:1], (_REFUSED, words))
    unnamed = int(job.get("FailedRecordsCount", 0)) - named
    if unnamed <= 0:
        return sort_out(items, refused)
    reason = f"{unnamed:,} records of the import failed without being named by SES"
    return sort_out(items, dict.fromkeys(range(len(items)), (_REFUSED, reason)) | refused)


def unsubscribed(text: str, *, most: int) -> list[str]:
    """Return the first addresses in an import file whose contacts have unsubscribed."""
    records = (json.loads(one) for one in text.split("\n") if one)
    addresses = (one["emailAddress"] for one in records if one.get("unsubscribeAll"))
    return list(itertools.islice(addresses, most))


def failure(job: Mapping[str, Any]) -> str:
    """Return a human-readable reason why a whole job failed, and what to check."""
    reason = str(job.get("FailureInfo", {}).get("ErrorMessage", _SILENT))[:_SHOWN].rstrip(".")
    return (
        f"SES could not run an import: {_unaddressed(reason)}. Check that SES may read the "
        "identities bucket and use its key, as the deployment describes, and that the account is "
        "out of SES' sandbox"
    )


def _unaddressed(text: str) -> str:
    """Replace every address in a text."""
    return _ADDRESS.sub("…", text)


def _read(text: str) -> tuple[list[str], str]:
    """Return the addresses in a line of the failed records, and SES' message without them.

    If the line is JSON, the message is the fields that our record does not have.
    """
    try:
        record = json.loads(text)
    except ValueError:
        record = None
    if not isinstance(record, dict):
        return _ADDRESS.findall(text), _unaddressed(text)[:_SHOWN]
    messages = [str(value) for name, value in record.items() if name not in _RECORD]
    words = " ".join(one for one in messages if one) or _SILENT
    return _ADDRESS.findall(compact(record)), _unaddressed(words)[:_SHOWN]
