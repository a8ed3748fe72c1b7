"""HubSpot's contacts: batch upserts by our own property, after adopting known ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

from tessera.contracts.hubspot import KEY
from tessera.destinations import content
from tessera.destinations.port import Item, Outcome
from tessera.destinations.requests import Request, Response, at, sort_out
from tessera.destinations.vendors.hubspot.api import (
    VERSION,
    code_and_message,
    errors_of,
    post,
    words,
)

CONTACTS = f"/crm/objects/{VERSION}/contacts"
_TRACE = "objectWriteTraceId"
_ADDRESSES = frozenset({"email", "phone"})
_UNMENTIONED = ("unknown", "the response did not mention the customer")


def contact(
    values: Mapping[str, str], *, trace: str, held: Set[str] = frozenset()
) -> dict[str, Any]:
    """Convert a content to one input of an upsert, without the addresses that HubSpot has."""
    absent = {name: "" for name in content.NAMES if name not in values}
    present = {name: value for name, value in values.items() if name not in {"customer_id", *held}}
    identity = {"idProperty": KEY, "id": values.get("customer_id", ""), _TRACE: trace}
    return {**identity, "properties": {**absent, **present}}


def next_request(items: Sequence[Item], responses: Sequence[Response]) -> Request | None:
    """Read which contacts have an address, adopt those without a customer id, then upsert.

    A contact with a customer's address and no customer id belongs to the customer. It gets the
    customer id, and keeps its address and everything else.
    """
    if responses and responses[-1].status >= 400:
        return None
    steps, held = _before(items, responses)
    if len(steps) > len(responses):
        return steps[len(responses)]
    if len(responses) > len(steps):
        return None
    inputs = [
        contact(item.content, trace=str(index), held=held.get(item.customer_id, frozenset()))
        for index, item in enumerate(items)
    ]
    return post(f"{CONTACTS}/batch/upsert", {"inputs": inputs})


def _before(
    items: Sequence[Item], responses: Sequence[Response]
) -> tuple[list[Request], dict[str, frozenset[str]]]:
    """Return the requests before an upsert as far as they are known, and the addresses held.

    The addresses are those that HubSpot already has, by customer id.
    """
    addressed = [item for item in items if not _ADDRESSES.isdisjoint(item.content)]
    if not addressed:
        return [], {}
    requests = [_read(KEY, [item.customer_id for item in addressed])]
    if not responses:
        return requests, {}
    held = _held(responses[0])
    new = [item for item in addressed if item.customer_id not in held and "email" in item.content]
    if new:
        requests.append(_read("email", [item.content["email"] for item in new]))
    if not new or len(responses) == 1:
        return requests, held
    own = _unclaimed(responses[1])
    adopted = {
        one.customer_id: own[email] for one in new if (email := one.content["email"].lower()) in own
    }
    if adopted:
        inputs = [
            {"id": str(existing["id"]), "properties": {KEY: customer_id}}
            for customer_id, existing in adopted.items()
        ]
        requests.append(post(f"{CONTACTS}/batch/update", {"inputs": inputs}))
    return requests, held | {one: _addresses(existing) for one, existing in adopted.items()}


def _read(name: str, ids: Sequence[str]) -> Request:
    wanted = {"properties": [KEY, *sorted(_ADDRESSES)], "propertiesWithHistory": []}
    inputs = [{"id": one} for one in ids]
    return post(f"{CONTACTS}/batch/read", {"idProperty": name, "inputs": inputs, **wanted})


def _held(response: Response) -> dict[str, frozenset[str]]:
    """Map customer ids to the addresses that their contacts have. Without a contact, omit."""
    contacts = at(response, "results", kind=list)
    return {str(one["properties"][KEY]): _addresses(one) for one in contacts}


def _unclaimed(response: Response) -> dict[str, Mapping[str, Any]]:
    """Map addresses, in lower case, to the contacts that have no customer id."""
    contacts = at(response, "results", kind=list)
    return {
        str(one["properties"].get("email")).lower(): one
        for one in contacts
        if not one["properties"].get(KEY)
    }


def _addresses(existing: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(name for name in _ADDRESSES if existing["properties"].get(name))


def outcome(items: Sequence[Item], responses: Sequence[Response]) -> Outcome:
    """Return the items' outcome from the errors. Unaccounted items are sent again."""
    response = responses[-1]
    errors = errors_of(response)
    refused = _blamed(items, errors)
    if response.status >= 400:
        return sort_out(items, refused, again=words(response))
    results = at(response, "results", kind=list)
    failed = max(len(errors), int(response.body.get("numErrors") or 0))
    if len(refused) == failed and len(refused) + len(results) == len(items):
        return sort_out(items, refused)
    traces = {str(one.get(_TRACE)) for one in results}
    taken = {index for index in range(len(items)) if str(index) in traces}
    return sort_out(items, refused, again=_UNMENTIONED, taken=taken)


def _blamed(
    items: Sequence[Item], errors: Sequence[Mapping[str, Any]]
) -> dict[int, tuple[str, str]]:
    """Map an item's index to the code and message of the error that traces back to it."""
    indexes = {str(index): index for index in range(len(items))}
    blamed: dict[int, tuple[str, str]] = {}
    for error in errors:
        for trace in (error.get("context") or {}).get(_TRACE) or ():
            if trace in indexes:
                blamed.setdefault(indexes[trace], code_and_message(error))
    return blamed
