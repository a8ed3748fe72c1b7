"""SES' import jobs: the lines of a file, and what a job's result means."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

from tessera.destinations.port import WAS, Item, Outcome, compact
from tessera.destinations.requests import sort_out
from tessera.destinations.vendors.ses.contacts import ListContact, attributes_data, mark, trace

COMPLETED = "COMPLETED"
ENDED = (COMPLETED, "FAILED", "CANCELLED")
STATUSES = (*ENDED, "CREATED", "PROCESSING")
_SHOWN = 300
_ADDRESS = re.compile(r"[^\s\"',;:<>{}\[\]()\\]+@[^\s\"',;:<>{}\[\]()\\]+")
_RECORD = frozenset({"emailAddress", "unsubscribeAll", "attributesData", "topicPreferences"})
_SILENT = "no reason given"
_REFUSED = "400"  # SES gives no codes


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
