"""Amazon Pinpoint, which ended on 2026-10-30: user attributes by import jobs, dimension segments.

This file, ``adapters/destinations/aws/pinpoint.py``, ``infra/destinations/pinpoint.py`` and
``local/services/pinpoint/`` are all there is of it. The forms of files, jobs and segments are
those of the Pinpoint API reference and of the user guide's "Importing segments"; the limits are
those of "Amazon Pinpoint quotas" (two jobs at once, 1 GB a job, names of 50 characters and values
of 100, 15 KB an endpoint, 15 endpoints a user).

Attributes belong to the user: Pinpoint keeps them alike at all endpoints with one user id, so one
endpoint of ours, of the channel CUSTOM, carries them. Numbers are texts there as well: metrics
belong to single endpoints, and nothing takes one away again. An empty list takes an attribute
away, as Pinpoint's developers say.

Assumed: what is emptied at one endpoint is emptied at all of the user's; a failure that a job
lists has the endpoint's id in it; an endpoint of the channel CUSTOM may have any address.
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
from tessera.destinations.port import Customer, Item, Outcome, Segment, compact

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
    kinds=frozenset({"segment", "cluster", "set"}),  # no attribute is compared as a number
    addresses=content.ADDRESSES,
    volatile=content.VOLATILE,
    drifting=content.DRIFTING,
)
CARRIER = "CUSTOM"  # the channel of the endpoint that carries the attributes
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
_LISTED = 100  # failures that a job names
_COMBINED = ("Include", "SourceType", "Type")  # ALL where it is not said
_OWN_SETS = set_attribute("")


def render(customer: Customer) -> dict[str, str]:
    """Return a customer's attributes, and the address on each channel that Pinpoint has."""
    addresses = {
        contact.channel_type.lower(): contact.address
        for contact in customer.contacts
        if contact.channel_type in CHANNELS
    }
    return {**addresses, **content.unaddressed(customer)}


def cleared(customer_id: str) -> dict[str, str]:
    """Return the content for a customer who left: what else there was is taken away."""
    return {"customer_id": customer_id, "rfm_segment": _NO_LABEL}


# ---- customers ---------------------------------------------------------------------------------


def unfit(item: Item) -> tuple[str, str] | None:
    """Say as code and message why Pinpoint would not take a customer, None when it would."""
    for name, value in item.content.items():
        if not name.startswith("rfm_"):
            continue
        for what, text, most in (
            ("the name", name, _NAME_CHARACTERS),
            ("the value", value, _VALUE_CHARACTERS),
        ):
            if len(text) > most:
                return "too-long", f"{what} of {name[:60]} has {len(text)} characters, over {most}"
    return None


def endpoints(item: Item, *, addresses: bool) -> Iterator[dict[str, Any]]:
    """Yield a customer's endpoints as an import's JSON has them: attributes are lists.

    Parameters
    ----------
    item
        The customer.
    addresses
        Whether there is an endpoint for each of the customer's addresses too. It would be a new
        one, to which nobody has objected, and Pinpoint turns the older ones of that address off.
    """
    told, user = item.content, {"UserId": item.customer_id}
    attributes = {name: [told[name]] if name in told else [] for name in _attributes(told)}
    yield {
        "Id": endpoint_id(item.customer_id, CARRIER),
        "ChannelType": CARRIER,
        "Address": item.customer_id,
        "User": {**user, "UserAttributes": attributes},
    }
    for channel in CHANNELS if addresses else ():
        if channel.lower() in told:
            yield {
                "Id": endpoint_id(item.customer_id, channel),
                "ChannelType": channel,
                "Address": told[channel.lower()],
                "User": user,
            }


def endpoint_id(customer_id: str, channel: str) -> str:
    """Return the id of a customer's endpoint of ours on a channel, always the same one."""
    return hashlib.sha256(f"{channel}\n{customer_id}".encode()).hexdigest()[:32]


def to_json(items: Sequence[Item], *, addresses: bool) -> str:
    """Return an import's file of JSON, one endpoint a line."""
    found = (one for item in items for one in endpoints(item, addresses=addresses))
    return "".join(compact(one) + "\n" for one in found)


def to_csv(items: Sequence[Item], *, addresses: bool) -> str:
    """Return the same endpoints as CSV, for imports by hand: the header has Pinpoint's names.

    It takes no attribute away: an empty cell says nothing there. A value with a line break or a
    tab, which Pinpoint does not read from CSV, is left out with them as spaces.
    """
    rows = [_flat(one) for item in items for one in endpoints(item, addresses=addresses)]
    header = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    lines = csv.DictWriter(text, header, restval="", lineterminator="\n")
    lines.writeheader()
    lines.writerows(rows)
    return text.getvalue()


def _attributes(told: Mapping[str, str]) -> list[str]:
    """Return the names that an endpoint says something about: all of ours, and own sets."""
    return sorted({*content.NAMES, *(name for name in told if name.startswith(_OWN_SETS))})


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
    """Return CreateImportJob's settings: endpoints are registered, no segment is made of them."""
    return {
        "Format": "JSON",
        "S3Url": s3_url,
        "RoleArn": role_arn,
        "RegisterEndpoints": True,
        "DefineSegment": False,
    }


def is_usable(job: Mapping[str, Any]) -> bool:
    """Tell whether a job that is there may be awaited: a failed one has to be made anew."""
    return job.get("JobStatus") not in _FAILED


def hopeless(job: Mapping[str, Any]) -> bool:
    """Tell whether a job failed before it read anything: that is not the customers' fault."""
    read = job.get("TotalProcessed") or job.get("TotalFailures") or job.get("Failures")
    return job.get("JobStatus") == "FAILED" and not read


def outcome(items: Sequence[Item], job: Mapping[str, Any], *, addresses: bool) -> Outcome:
    """Sort the items by what a job that has ended says.

    A job names its first hundred failures only. Where it counts more of them, or one names nobody
    whom we sent, those who are not named are to be sent again: nobody knows who was taken.
    """
    if job.get("JobStatus") not in ENDED:
        return sort_out(items, {}, again=("malformed", "the answer has no status of the import"))
    owners = {
        endpoint["Id"]: index
        for index, item in enumerate(items)
        for endpoint in endpoints(item, addresses=addresses)
    }
    named = [_named(entry, owners) for entry in job.get("Failures") or ()]
    refused = {owners[found]: (_BAD, words) for found, words in named if found}
    counted = max(int(job.get("TotalFailures") or 0), len(named))
    accounted = counted == len([found for found, _ in named if found])
    if job["JobStatus"] == "COMPLETED" and accounted:
        return sort_out(items, refused)
    said = (
        f"the import {job['JobStatus'].lower()}, counted {counted:,} failures and named "
        f"{len(refused):,} customers; it lists no more than {_LISTED}"
    )
    return sort_out(items, refused, again=("unaccounted", said))


def _named(entry: str, owners: Mapping[str, int]) -> tuple[str, str]:
    """Return the endpoint id that a failure names, "" for none of ours, and its other words."""
    words = entry.replace(":", " : ").replace('"', ' " ').replace(",", " , ").split()
    found = next((word for word in words if word in owners), "")
    rest = entry.replace(found, "", 1) if found else entry
    return found, rest.strip(' :,"') or "the import lists it without a reason"


# ---- segments ----------------------------------------------------------------------------------


def definition(segment: Segment) -> dict[str, Any]:
    """Return a segment as CreateSegment and UpdateSegment take it.

    In a set it asks too that the customer has not left: the names of users' own sets are not known
    when a customer is cleared.
    """
    wanted = [_dimension(content.attribute(segment), "INCLUSIVE", segment.value)]
    if segment.kind == "set" and segment.set not in SETS:
        wanted.append(_dimension("rfm_segment", "EXCLUSIVE", _NO_LABEL))
    group = {"Type": "ALL", "SourceType": "ALL", "SourceSegments": [], "Dimensions": wanted}
    return {"Name": segment.name, "SegmentGroups": {"Groups": [group], "Include": "ALL"}}


def same(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """Tell whether a segment that is there has the condition that it shall have.

    What is empty says nothing, and ALL is how conditions are combined where it is not said.
    """
    return bool(_pruned(wanted["SegmentGroups"]) == _pruned(found.get("SegmentGroups") or {}))


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
