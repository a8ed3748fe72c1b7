"""HubSpot: one contact per customer by batch upserts, active lists on the contacts' properties.

A contact is upserted by our unique property ``tessera_customer_id``. Upserts merge, so a property
that a customer no longer has is sent empty, which clears it. We never change consent, and we add
nobody to a list: an active list selects its members itself. HubSpot stores opt-outs by address. So
we set the address of a contact that has none, and never change one.

Sources: HubSpot's OpenAPI descriptions, version 2026-09, for paths and shapes. Its guides, for 100
customers per request, for reading contacts by ``email``, for clearing by an empty text, for the
form of list filters, and for 100 requests in ten seconds with the smallest plan. Documented for
batch creation, and assumed for upserts: customers with an ``objectWriteTraceId`` are refused one by
one. Without it, one refusal refuses the batch. Users report 207 for a read of contacts if some do
not exist. Assumed: 404 for a list and for a group that do not exist, and 1 MB per request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

from tessera.contracts.destinations import DESTINATIONS
from tessera.contracts.hubspot import GROUP, KEY, contact_property
from tessera.destinations import content
from tessera.destinations.calls import Answer, Call, Malformed, at, sort_out
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.port import Item, Outcome, compact
from tessera.destinations.vendors.hubspot import lists as hubspot_lists
from tessera.destinations.vendors.hubspot.lists import VERSION, get, post
from tessera.errors import InvalidInput, Refused
from tessera.records.segment import Segment

BASE_URL = "https://api.hubapi.com"
TITLE = DESTINATIONS["hubspot"].title
SECRET_FIELDS: tuple[str, ...] = ("access_token",)
CONTACTS = f"/crm/objects/{VERSION}/contacts"
PROPERTIES = f"/crm/properties/{VERSION}/contacts"

_TRACE = "objectWriteTraceId"
_ADDRESSES = frozenset({"email", "phone"})
_UNMENTIONED = ("unknown", "the response did not mention the customer")


render = content.addressed
cleared = content.id_alone  # an upsert merges, so missing properties are sent empty
definition = hubspot_lists.definition
segment_call, retire_call = hubspot_lists.segment_call, hubspot_lists.retire_call
size_call = hubspot_lists.size_call


# ---- contacts ------------------------------------------------------------------------------


def contact(
    values: Mapping[str, str], *, trace: str, held: Set[str] = frozenset()
) -> dict[str, Any]:
    """Convert a content to one input of an upsert, without the addresses that HubSpot has."""
    absent = {name: "" for name in content.NAMES if name not in values}
    present = {name: value for name, value in values.items() if name not in {"customer_id", *held}}
    identity = {"idProperty": KEY, "id": values.get("customer_id", ""), _TRACE: trace}
    return {**identity, "properties": {**absent, **present}}


CAPABILITIES = Capabilities(
    requests=True,
    name_characters="A-Za-z0-9_-",
    name_limit=64,
    batch_items=100,
    batch_bytes=999_900,
    item_overhead_bytes=len(compact(contact({}, trace="99"))) + 1,
    item_characters=20_000,  # a value may have 65,536
    calls_a_batch=3,  # in a first load; 4 if contacts are adopted, and 2 in later loads
    requests_per_minute=300,  # of 600, which other apps share
    exchange_seconds=120,
    thresholds=True,
    addresses=content.ADDRESSES,
    volatile=content.VOLATILE,
    drifting=content.DRIFTING,
)


def auth(secret: Mapping[str, str]) -> dict[str, str]:
    """Return the header with the private app's token."""
    return {"Authorization": f"Bearer {secret['access_token']}"}


def next_call(items: Sequence[Item], answers: Sequence[Answer]) -> Call | None:
    """Read which contacts have an address, adopt those without a customer id, then upsert.

    A contact with a customer's address and no customer id belongs to the customer. It gets the
    customer id, and keeps its address and everything else.
    """
    if answers and answers[-1].status >= 400:
        return None
    steps, held = _before(items, answers)
    if len(steps) > len(answers):
        return steps[len(answers)]
    if len(answers) > len(steps):
        return None
    inputs = [
        contact(item.content, trace=str(index), held=held.get(item.customer_id, frozenset()))
        for index, item in enumerate(items)
    ]
    return post(f"{CONTACTS}/batch/upsert", {"inputs": inputs})


def _before(
    items: Sequence[Item], answers: Sequence[Answer]
) -> tuple[list[Call], dict[str, frozenset[str]]]:
    """Return the requests before an upsert as far as they are known, and the addresses held.

    The addresses are those that HubSpot already has, by customer id.
    """
    addressed = [item for item in items if not _ADDRESSES.isdisjoint(item.content)]
    if not addressed:
        return [], {}
    calls = [_read(KEY, [item.customer_id for item in addressed])]
    if not answers:
        return calls, {}
    held = _held(answers[0])
    new = [item for item in addressed if item.customer_id not in held and "email" in item.content]
    if new:
        calls.append(_read("email", [item.content["email"] for item in new]))
    if not new or len(answers) == 1:
        return calls, held
    own = _unclaimed(answers[1])
    adopted = {
        one.customer_id: own[email] for one in new if (email := one.content["email"].lower()) in own
    }
    if adopted:
        inputs = [
            {"id": str(existing["id"]), "properties": {KEY: customer_id}}
            for customer_id, existing in adopted.items()
        ]
        calls.append(post(f"{CONTACTS}/batch/update", {"inputs": inputs}))
    return calls, held | {one: _addresses(existing) for one, existing in adopted.items()}


def _read(name: str, ids: Sequence[str]) -> Call:
    wanted = {"properties": [KEY, *sorted(_ADDRESSES)], "propertiesWithHistory": []}
    inputs = [{"id": one} for one in ids]
    return post(f"{CONTACTS}/batch/read", {"idProperty": name, "inputs": inputs, **wanted})


def _held(answer: Answer) -> dict[str, frozenset[str]]:
    """Map customer ids to the addresses that their contacts have. Without a contact, omit."""
    contacts = at(answer, "results", kind=list)
    return {str(one["properties"][KEY]): _addresses(one) for one in contacts}


def _unclaimed(answer: Answer) -> dict[str, Mapping[str, Any]]:
    """Map addresses, in lower case, to the contacts that have no customer id."""
    contacts = at(answer, "results", kind=list)
    return {
        str(one["properties"].get("email")).lower(): one
        for one in contacts
        if not one["properties"].get(KEY)
    }


def _addresses(existing: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(name for name in _ADDRESSES if existing["properties"].get(name))


def outcome(items: Sequence[Item], answers: Sequence[Answer]) -> Outcome:
    """Return the items' outcome from the errors. Unaccounted items are sent again."""
    answer = answers[-1]
    errors = _errors(answer)
    refused = _blamed(items, errors)
    if answer.status >= 400:
        return sort_out(items, refused, again=words(answer))
    results = at(answer, "results", kind=list)
    failed = max(len(errors), int(answer.body.get("numErrors") or 0))
    if len(refused) == failed and len(refused) + len(results) == len(items):
        return sort_out(items, refused)
    traces = {str(one.get(_TRACE)) for one in results}
    taken = {index for index in range(len(items)) if str(index) in traces}
    return sort_out(items, refused, again=_UNMENTIONED, taken=taken)


def _errors(answer: Answer) -> list[Mapping[str, Any]]:
    listed = answer.body.get("errors") if isinstance(answer.body, Mapping) else None
    return [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []


def _blamed(
    items: Sequence[Item], errors: Sequence[Mapping[str, Any]]
) -> dict[int, tuple[str, str]]:
    """Map an item's index to the code and message of the error that traces back to it."""
    indexes = {str(index): index for index in range(len(items))}
    blamed: dict[int, tuple[str, str]] = {}
    for error in errors:
        for trace in (error.get("context") or {}).get(_TRACE) or ():
            if trace in indexes:
                blamed.setdefault(indexes[trace], _code_and_message(error))
    return blamed


def _code_and_message(error: Mapping[str, Any]) -> tuple[str, str]:
    code = error.get("category") or error.get("code") or "invalid"
    return str(code), str(error.get("message") or "no reason given")


def words(answer: Answer) -> tuple[str, str]:
    """Return the category and the message of an error."""
    body = answer.body if isinstance(answer.body, Mapping) else {}
    return _code_and_message({"category": str(answer.status), **body})


# ---- properties ----------------------------------------------------------------------------


def check_call(answers: Sequence[Answer]) -> Call | None:
    """Read the contacts' property groups."""
    return None if answers else get(f"{PROPERTIES}/groups")


def prepare_call(segments: Sequence[Segment], answers: Sequence[Answer]) -> Call | None:
    """List the properties, then create the missing ones, and their group if it is missing.

    Raises
    ------
    InvalidInput
        A property of the same name exists and cannot store our values.
    Refused
        HubSpot did not create a property, for example because of its plan's limit.
    """
    if not answers:
        return get(PROPERTIES)
    lacking = missing(segments, at(answers[0], "results", kind=list))
    if not lacking:
        return None
    if len(answers) == 1:
        return get(f"{PROPERTIES}/groups/{GROUP}")
    steps = [post(f"{PROPERTIES}/batch/create", {"inputs": lacking})]
    if answers[1].status == 404:
        steps.insert(0, post(f"{PROPERTIES}/groups", {"name": GROUP, "label": "Tessera"}))
    made = answers[2:]
    if any(answer.status >= 400 for answer in made):
        raise Malformed("the group or a property was created by someone else meanwhile")
    for error in (error for answer in made for error in _errors(answer)):
        reason = " ".join(_code_and_message(error))
        raise Refused(f"HubSpot did not create all contact properties: {reason}")
    return steps[len(made)] if len(made) < len(steps) else None


def missing(
    segments: Sequence[Segment], existing: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the properties that segments need and that do not exist."""
    known = {str(one.get("name")): one for one in existing}
    names = dict.fromkeys([KEY, *content.NAMES, *map(content.attribute, segments)])
    for name in (name for name in names if name in known):
        _check(known[name], contact_property(name))
    return [contact_property(name) for name in names if name not in known]


def _check(existing: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    same_type = existing.get("type") == wanted["type"]
    if not same_type or (wanted["hasUniqueValue"] and not existing.get("hasUniqueValue")):
        unique = " with unique values" if wanted["hasUniqueValue"] else ""
        raise InvalidInput(
            f"HubSpot has a contact property {wanted['name']} that Tessera did not create: "
            f"expected the type {wanted['type']}{unique}. Delete it there if nothing uses it"
        )
