"""Pinpoint's import jobs: endpoints as JSON or CSV, and what a job's result means."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tessera.contracts.customer_profiles import is_removed, is_set_attribute
from tessera.destinations import content
from tessera.destinations.port import Item, Outcome, compact
from tessera.destinations.requests import sort_out

CARRIER = "CUSTOM"  # the channel of the endpoint that has the attributes
# Channels with addresses of people and devices.
CHANNELS = (
    "ADM", "APNS", "APNS_SANDBOX", "APNS_VOIP", "APNS_VOIP_SANDBOX", "BAIDU", "EMAIL", "GCM",
    "PUSH", "SMS", "VOICE",
)  # fmt: skip
ENDED = ("COMPLETED", "FAILED")
_FAILED = ("FAILING", "FAILED")
_NAME_CHARACTERS, VALUE_CHARACTERS = 50, 100
_BAD = "400"
_LISTED = 100  # the most failures that a job lists


def unfit(item: Item) -> tuple[str, str] | None:
    """Return why Pinpoint would refuse a customer, as code and message, or None."""
    for name, value in item.content.items():
        if not name.startswith("rfm_"):
            continue
        for what, text, most in (
            ("the name", name, _NAME_CHARACTERS),
            ("the value", value, VALUE_CHARACTERS),
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
    attributes = {name: _list(values, name) for name in _attributes(values)}
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
    """Return an endpoint's attributes: all of ours, and those of users' own sets and campaigns."""
    return sorted({*content.NAMES, *filter(is_set_attribute, values)})


def _list(values: Mapping[str, str], name: str) -> list[str]:
    """Return an attribute's value as a list, which is empty for one to remove."""
    return [values[name]] if name in values and not is_removed(name, values[name]) else []


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
