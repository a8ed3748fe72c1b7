"""Amazon Pinpoint, which ended on 2026-10-30: user attributes by import jobs, dimension segments.

All its code is in this file, ``adapters/destinations/aws/pinpoint.py``,
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

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tessera.contracts.customer_profiles import SETS, set_attribute
from tessera.contracts.destinations import DESTINATIONS
from tessera.destinations import content
from tessera.destinations.calls import sort_out
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.port import Customer, Item, Outcome, compact
from tessera.records.segment import Segment

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
    ended=DESTINATIONS["pinpoint"].ended,
    kinds=frozenset({"segment", "cluster", "set"}),  # attributes can't be compared as numbers
    addresses=content.ADDRESSES,
    volatile=content.VOLATILE,
    drifting=content.DRIFTING,
)
CARRIER = "CUSTOM"  # the channel of the endpoint that has the attributes
# Channels with addresses of people and devices.
CHANNELS = (
    "ADM", "APNS", "APNS_SANDBOX", "APNS_VOIP", "APNS_VOIP_SANDBOX", "BAIDU", "EMAIL", "GCM",
    "PUSH", "SMS", "VOICE",
)  # fmt: skip
DIMENSIONAL = "DIMENSIONAL"  # a segment that follows attributes
ENDED = ("COMPLETED", "FAILED")
_FAILED = ("FAILING", "FAILED")
_NO_LABEL = "-"
_NAME_CHARACTERS, _VALUE_CHARACTERS = 50, 100
_BAD = "400"
_LISTED = 100  # the most failures that a job lists
_COMBINED = ("Include", "SourceType", "Type")  # ALL by default
_OWN_SETS = set_attribute("")


def render(customer: Customer) -> dict[str, str]:
    """Return a customer's attributes, and the address on each channel that Pinpoint supports."""
    addresses = {
        contact.channel_type.lower(): contact.address
        for contact in customer.contacts
        if contact.channel_type in CHANNELS
    }
    return {**addresses, **content.unaddressed(customer)}


def cleared(customer_id: str) -> dict[str, str]:
    """Return the content for a customer who left: all other attributes are removed."""
    return {"customer_id": customer_id, "rfm_segment": _NO_LABEL}


# ---- customers ---------------------------------------------------------------------------------


def unfit(item: Item) -> tuple[str, str] | None:
    """Return why Pinpoint would refuse a customer, as code and message, or None."""
    for name, value in item.content.items():
        if not name.startswith("rfm_"):
            continue
        for what, text, most in (
            ("the name", name, _NAME_CHARACTERS),
            ("the value", value, _VALUE_CHARACTERS),
        ):
            if len(text) > most:
                reason = f"{what} of {name[:60]} has {len(text)} characters, more than {most}"
                return "too-long", reason
    return None


def endpoints(item: Item, *, addresses: bool) -> Iterator[dict[str, Any]]:
    """Yield a customer's endpoints in the form of an import's JSON: attributes are lists.

    Parameters
    ----------
    item
        The customer.
    addresses
        Whether to include an endpoint for each address. It is a new endpoint without any opt-out,
        and Pinpoint deactivates older endpoints of the same address.
    """
    values, user = item.content, {"UserId": item.customer_id}
    attributes = {name: [values[name]] if name in values else [] for name in _attributes(values)}
    yield {
        "Id": endpoint_id(item.customer_id, CARRIER),
        "ChannelType": CARRIER,
        "Address": item.customer_id,
        "User": {**user, "UserAttributes": attributes},
    }
    for channel in CHANNELS if addresses else ():
        if channel.lower() in values:
            yield {
                "Id": endpoint_id(item.customer_id, channel),
                "ChannelType": channel,
                "Address": values[channel.lower()],
                "User": user,
            }


def endpoint_id(customer_id: str, channel: str) -> str:
    """Return the stable id of our endpoint for a customer on a channel."""
    return hashlib.sha256(f"{channel}\n{customer_id}".encode()).hexdigest()[:32]


def to_json(items: Sequence[Item], *, addresses: bool) -> str:
    """Return an import file of JSON, one endpoint per line."""
    listed = (one for item in items for one in endpoints(item, addresses=addresses))
    return "".join(compact(one) + "\n" for one in listed)


def to_csv(items: Sequence[Item], *, addresses: bool) -> str:
    """Return the same endpoints as CSV with Pinpoint's header, for manual imports.

    It removes no attribute: Pinpoint ignores empty cells. Pinpoint can't read line breaks and tabs
    from CSV, so they become spaces.
    """
    rows = [_flat(one) for item in items for one in endpoints(item, addresses=addresses)]
    header = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    lines = csv.DictWriter(text, header, restval="", lineterminator="\n")
    lines.writeheader()
    lines.writerows(rows)
    return text.getvalue()


def _attributes(values: Mapping[str, str]) -> list[str]:
    """Return the names of an endpoint's attributes: all of ours, and those of users' own sets."""
    return sorted({*content.NAMES, *(name for name in values if name.startswith(_OWN_SETS))})


def _flat(endpoint: Mapping[str, Any]) -> dict[str, str]:
    user = endpoint["User"]
    plain = {name: value for name, value in endpoint.items() if name != "User"}
    attributes = {
        f"User.UserAttributes.{name}": values[0]
        for name, values in user.get("UserAttributes", {}).items()
        if values
    }
    row = {**plain, "User.UserId": user["UserId"], **attributes}
    return {name: " ".join(value.splitlines()).replace("\t", " ") for name, value in row.items()}


# ---- import jobs -------------------------------------------------------------------------------


def import_request(s3_url: str, *, role_arn: str) -> dict[str, Any]:
    """Return CreateImportJob's settings: register the endpoints, create no segment of them."""
    return {
        "Format": "JSON",
        "S3Url": s3_url,
        "RoleArn": role_arn,
        "RegisterEndpoints": True,
        "DefineSegment": False,
    }


def is_usable(job: Mapping[str, Any]) -> bool:
    """Return whether to wait for an existing job. A failed job must be created again."""
    return job.get("JobStatus") not in _FAILED


def hopeless(job: Mapping[str, Any]) -> bool:
    """Return whether a job failed before it read anything: no customer's data caused that."""
    read = job.get("TotalProcessed") or job.get("TotalFailures") or job.get("Failures")
    return job.get("JobStatus") == "FAILED" and not read


def outcome(items: Sequence[Item], job: Mapping[str, Any], *, addresses: bool) -> Outcome:
    """Return the items' outcome from a job that has ended.

    A job lists only its first 100 failures. If it counts more, or lists one that we did not send,
    all items that it does not list are sent again: we can't know which ones were imported.
    """
    if job.get("JobStatus") not in ENDED:
        return sort_out(items, {}, again=("malformed", "the response has no status of the import"))
    owners = {
        endpoint["Id"]: index
        for index, item in enumerate(items)
        for endpoint in endpoints(item, addresses=addresses)
    }
    named = [_named(entry, owners) for entry in job.get("Failures") or ()]
    refused = {owners[endpoint]: (_BAD, words) for endpoint, words in named if endpoint}
    counted = max(int(job.get("TotalFailures") or 0), len(named))
    accounted = counted == len([endpoint for endpoint, _ in named if endpoint])
    if job["JobStatus"] == "COMPLETED" and accounted:
        return sort_out(items, refused)
    reason = (
        f"the import {job['JobStatus'].lower()}, counted {counted:,} failures and named "
        f"{len(refused):,} customers (it lists at most {_LISTED})"
    )
    return sort_out(items, refused, again=("unaccounted", reason))


def _named(entry: str, owners: Mapping[str, int]) -> tuple[str, str]:
    """Return the id of our endpoint in a failure, or an empty string, and the rest of its text."""
    words = entry.replace(":", " : ").replace('"', ' " ').replace(",", " , ").split()
    endpoint = next((word for word in words if word in owners), "")
    rest = entry.replace(endpoint, "", 1) if endpoint else entry
    return endpoint, rest.strip(' :,"') or "the import lists it without a reason"


# ---- segments ----------------------------------------------------------------------------------


def definition(segment: Segment) -> dict[str, Any]:
    """Return a segment in the form of CreateSegment and UpdateSegment.

    An own set's segment also excludes customers who left. The names of users' own sets are not
    known when a customer is cleared.
    """
    wanted = [_dimension(content.attribute(segment), "INCLUSIVE", segment.value)]
    if segment.kind == "set" and segment.set not in SETS:
        wanted.append(_dimension("rfm_segment", "EXCLUSIVE", _NO_LABEL))
    group = {"Type": "ALL", "SourceType": "ALL", "SourceSegments": [], "Dimensions": wanted}
    return {"Name": segment.name, "SegmentGroups": {"Groups": [group], "Include": "ALL"}}


def same(wanted: Mapping[str, Any], existing: Mapping[str, Any]) -> bool:
    """Return whether an existing segment has the wanted condition.

    Empty fields do not count, and ALL is the default for combining conditions.
    """
    return bool(_pruned(wanted["SegmentGroups"]) == _pruned(existing.get("SegmentGroups") or {}))


def _dimension(name: str, kind: str, value: str) -> dict[str, Any]:
    return {"UserAttributes": {name: {"AttributeType": kind, "Values": [value]}}}


def _pruned(value: Any) -> Any:  # noqa: ANN401 (JSON is anything)
    if isinstance(value, Mapping):
        kept = {
            name: _pruned(inner)
            for name, inner in value.items()
            if name not in _COMBINED or inner != "ALL"
        }
        return {name: inner for name, inner in kept.items() if inner not in (None, [], {}, "")}
    return [_pruned(inner) for inner in value] if isinstance(value, list) else value
