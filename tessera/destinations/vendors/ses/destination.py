"""Amazon SES v2: the contacts of an account's list, and files of recipients for who sends.

SES sends and keeps no segments. What can be left with it is each contact's ``attributesData``, by
import jobs (CreateImportJob, one JSON object a line; "Using list management" in SES' Developer
Guide). A job replaces contacts whole: whatever a line leaves out is forgotten, an unsubscription
among it. So every line for a contact that is there repeats its preferences as ListContacts gave
them, and one for a contact that is not says nothing of them. Nobody is taken off the list.

Contacts are known by their addresses alone. When an address changes or a customer leaves, the trace
finds the contact that has our attributes among those read back.

Assumed: ``attributesData`` has no limit that is documented, so contents stay small; addresses that
differ in the case of letters are one person's, and each contact of them keeps its own preferences;
the file of failed records, whose form is not documented, has a line for each, with its address.
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
    batch_items=50_000,  # a job takes a million lines, a function not as much memory
    item_characters=8_000,
    calls_a_batch=4,  # a page of the list, the job, two looks at it
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
OURS = "tessera"  # the one member of attributesData, by which a contact is known to be ours
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
    """A contact as the list has it: its spelling of the address, and its preferences.

    ``topics`` are the explicit ones, as pairs of topic and OPT_IN or OPT_OUT.
    """

    address: str = dataclasses.field(repr=False)
    unsubscribed: bool
    topics: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, listed: Mapping[str, Any]) -> ListContact:
        """Read an entry of ListContacts, or what GetContact says.

        Raises
        ------
        Malformed
            It does not say what the contact prefers, so nothing may be imported.
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
    """Return the content of a customer, with ``email`` where there is one of the customer's own.

    Whoever has none is no contact: there is nothing to import, and nothing to refuse. SES takes
    only ASCII before the @ (documented), so an address with other letters there is none to it.
    """
    known = content.identity(customer)
    known.pop(PHONE, None)
    if not known.get(EMAIL, "").isascii():
        del known[EMAIL]
    return {**known, **content.attributes(customer)}


cleared = content.id_alone  # the trace says which contact loses our attributes


def trace(told: Mapping[str, str]) -> str:
    """Return what stands for the contact that has a content, "" where none has."""
    return mark(told["email"]) if "email" in told else ""


def mark(address: str) -> str:
    """Return 32 hex digits that stand for an address, in whatever case its letters are."""
    folded = address.strip().translate(_FOLDED)
    return hashlib.sha256(folded.encode()).hexdigest()[:_TRACE_DIGITS]


def has_contact(item: Item) -> bool:
    """Tell whether an item concerns a contact: one that it has, or one that it had."""
    return "email" in item.content or WAS in item.content


def by_mark(contacts: Iterable[ListContact]) -> dict[str, list[ListContact]]:
    """Return the contacts of a list by what stands for their addresses."""
    found: dict[str, list[ListContact]] = {}
    for one in contacts:
        found.setdefault(mark(one.address), []).append(one)
    return found


def lines(
    items: Sequence[Item], *, known: Mapping[str, Sequence[ListContact]], owned: Container[str]
) -> Iterator[str]:
    """Yield the lines of an import file.

    Parameters
    ----------
    items
        A batch.
    known
        The list's contacts by ``mark``, as they are now.
    owned
        The marks of all addresses that this run's customers have: a contact that was one
        customer's and is another's by now keeps what the other's content says.
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
    """Return a line of an import file, with the preferences of the contact if there is one."""
    record: dict[str, Any] = {"emailAddress": address, "attributesData": data}
    if contact is not None:
        record["unsubscribeAll"] = contact.unsubscribed
        record["topicPreferences"] = [
            {"topicName": topic, "subscriptionStatus": status} for topic, status in contact.topics
        ]
    return compact(record) + "\n"


def attributes_data(told: Mapping[str, str]) -> str:
    """Return a content as ``attributesData``: the id and the attributes, under our name."""
    return compact({OURS: template_data(told)})


def template_data(told: Mapping[str, str]) -> dict[str, str]:
    """Return what a message to a customer may say: the id and the attributes, no address."""
    return {name: value for name, value in told.items() if name not in ("email", WAS)}


def labels(told: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what puts a customer into segments: an attribute of a label, and its value."""
    for name, value in told.items():
        if name in content.LABELS or name.startswith(set_attribute("")):
            yield name, value


def is_ours(data: str | None) -> bool:
    """Tell whether a contact's ``attributesData`` can be replaced: empty, or nothing but ours."""
    try:
        found = json.loads(data or "{}")
    except ValueError:
        return False
    return isinstance(found, dict) and set(found) <= {OURS}


def outcome(items: Sequence[Item], job: Mapping[str, Any], failed: str) -> Outcome:
    """Return what a completed job came to.

    Parameters
    ----------
    job
        As GetImportJob describes it.
    failed
        The file of failed records, "" where there is none.

    Where more records failed than the file names, nobody is acknowledged: to import them once
    more would come to the same.
    """
    whose = {item.content.get(WAS, ""): index for index, item in enumerate(items)}
    whose |= {trace(item.content): index for index, item in enumerate(items)}
    whose.pop("", None)
    refused: dict[int, tuple[str, str]] = {}
    named = 0
    for text in failed.split("\n"):
        addresses, words = _read(text)
        found = [whose[one] for one in map(mark, addresses) if one in whose]
        named += bool(found)
        refused |= dict.fromkeys(found[:1], (_REFUSED, words))
    unnamed = int(job.get("FailedRecordsCount", 0)) - named
    if unnamed <= 0:
        return sort_out(items, refused)
    said = f"{unnamed:,} records of the import failed, and SES does not say whose"
    return sort_out(items, dict.fromkeys(range(len(items)), (_REFUSED, said)) | refused)


def unsubscribed(text: str, *, most: int) -> list[str]:
    """Return the first addresses in an import file whose contacts have unsubscribed."""
    found = (json.loads(one) for one in text.split("\n") if one)
    said = (one["emailAddress"] for one in found if one.get("unsubscribeAll"))
    return list(itertools.islice(said, most))


def failure(job: Mapping[str, Any]) -> str:
    """Return for people why a job failed as a whole."""
    said = str(job.get("FailureInfo", {}).get("ErrorMessage", _SILENT))[:_SHOWN].rstrip(".")
    return (
        f"SES could not carry out an import: {_unaddressed(said)}. See whether it may read the "
        "identities bucket and use its key, as the deployment says, and whether the account is "
        "out of SES' sandbox"
    )


def _unaddressed(text: str) -> str:
    """Return a text without any address in it."""
    return _ADDRESS.sub("…", text)


def _read(text: str) -> tuple[list[str], str]:
    """Return the addresses in a line of the failed records, and what SES says, without them.

    Of JSON it is what our record has not.
    """
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        return _ADDRESS.findall(text), _unaddressed(text)[:_SHOWN]
    said = [str(value) for name, value in found.items() if name not in _RECORD]
    words = " ".join(one for one in said if one) or _SILENT
    return _ADDRESS.findall(compact(found)), _unaddressed(words)[:_SHOWN]
