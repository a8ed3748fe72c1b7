"""HubSpot: one contact a customer by batch upserts, active lists on the contacts' properties.

A contact is upserted by a unique property of ours, ``tessera_customer_id``. Upserts merge, so what
a customer has no more is sent empty, which clears it. Nothing here says a word about consent, and
nobody is put on a list: an active list finds its members by itself. HubSpot keeps opt-outs by
address, so an address is given to a contact that has none, and never changed.

Sources: HubSpot's OpenAPI descriptions, version 2026-09, for paths and shapes; its guides for a
hundred customers a request, for reading contacts by ``email``, for clearing by an empty text, for
the form of list filters and for 100 requests in ten seconds with the smallest plan. Documented for
batch creation, and assumed for upserts: that customers with an ``objectWriteTraceId`` are refused
one by one, where otherwise one refuses all. Users report 207 for a read of contacts of which some
are not there. Assumed: 404 for a list and for a group that is not there, and a megabyte a request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

from tessera.contracts.destinations import DESTINATIONS
from tessera.contracts.hubspot import GROUP, KEY, contact_property
from tessera.destinations import content
from tessera.destinations.calls import Answer, Call, Malformed, at, sort_out
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.port import Item, Outcome, Segment, compact
from tessera.destinations.vendors.hubspot import lists as hubspot_lists
from tessera.destinations.vendors.hubspot.lists import VERSION, get, post
from tessera.errors import InvalidInput, Refused

BASE_URL = "https://api.hubapi.com"
TITLE = DESTINATIONS["hubspot"].title
SECRET_FIELDS: tuple[str, ...] = ("access_token",)
CONTACTS = f"/crm/objects/{VERSION}/contacts"
PROPERTIES = f"/crm/properties/{VERSION}/contacts"

_TRACE = "objectWriteTraceId"
_ADDRESSES = frozenset({"email", "phone"})
_SILENT = ("unknown", "the answer did not mention the customer")


render = content.addressed
cleared = content.id_alone  # an import merges: what a content lacks is unset or emptied
definition = hubspot_lists.definition
segment_call, retire_call = hubspot_lists.segment_call, hubspot_lists.retire_call
size_call = hubspot_lists.size_call


# ---- contacts ------------------------------------------------------------------------------


def contact(
    values: Mapping[str, str], *, trace: str, held: Set[str] = frozenset()
) -> dict[str, Any]:
    """Return one input of an upsert from a content, without the addresses that are held there."""
    absent = {name: "" for name in content.NAMES if name not in values}
    told = {name: value for name, value in values.items() if name not in {"customer_id", *held}}
    known = {"idProperty": KEY, "id": values.get("customer_id", ""), _TRACE: trace}
    return {**known, "properties": {**absent, **told}}


CAPABILITIES = Capabilities(
    requests=True,
    name_characters="A-Za-z0-9_-",
    name_limit=64,
    batch_items=100,
    batch_bytes=999_900,
    item_overhead_bytes=len(compact(contact({}, trace="99"))) + 1,
    item_characters=20_000,  # of 65,536 a value
    calls_a_batch=3,  # in a first load, and 4 where contacts are adopted; 2 later
    requests_per_minute=300,  # of 600, which other apps have a part in
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
    """Read who has an address there, adopt contacts that have only that, then upsert the batch.

    A contact that HubSpot knows by a customer's address and by no customer id is the customer's
    own: it gets the id, and keeps the address and all else that it has.
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
    """Return the calls before an upsert as far as they are known, and who has which address."""
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
        told = [
            {"id": str(found["id"]), "properties": {KEY: customer_id}}
            for customer_id, found in adopted.items()
        ]
        calls.append(post(f"{CONTACTS}/batch/update", {"inputs": told}))
    return calls, held | {one: _addresses(found) for one, found in adopted.items()}


def _read(name: str, ids: Sequence[str]) -> Call:
    told = {"properties": [KEY, *sorted(_ADDRESSES)], "propertiesWithHistory": []}
    inputs = [{"id": one} for one in ids]
    return post(f"{CONTACTS}/batch/read", {"idProperty": name, "inputs": inputs, **told})


def _held(answer: Answer) -> dict[str, frozenset[str]]:
    """Return which addresses contacts have, by customer id; whom there is none of is left out."""
    found = at(answer, "results", kind=list)
    return {str(one["properties"][KEY]): _addresses(one) for one in found}


def _unclaimed(answer: Answer) -> dict[str, Mapping[str, Any]]:
    """Return the contacts that no customer id belongs to, by their address in small letters."""
    found = at(answer, "results", kind=list)
    return {
        str(one["properties"].get("email")).lower(): one
        for one in found
        if not one["properties"].get(KEY)
    }


def _addresses(found: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(name for name in _ADDRESSES if found["properties"].get(name))


def outcome(items: Sequence[Item], answers: Sequence[Answer]) -> Outcome:
    """Sort the items by the errors; whoever the answer does not account for is sent again."""
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
    return sort_out(items, refused, again=_SILENT, taken=taken)


def _errors(answer: Answer) -> list[Mapping[str, Any]]:
    listed = answer.body.get("errors") if isinstance(answer.body, Mapping) else None
    return [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []


def _blamed(
    items: Sequence[Item], errors: Sequence[Mapping[str, Any]]
) -> dict[int, tuple[str, str]]:
    """Return code and message by the index of whom an error traces back to."""
    indexes = {str(index): index for index in range(len(items))}
    found: dict[int, tuple[str, str]] = {}
    for error in errors:
        for trace in (error.get("context") or {}).get(_TRACE) or ():
            if trace in indexes:
                found.setdefault(indexes[trace], _said_in(error))
    return found


def _said_in(error: Mapping[str, Any]) -> tuple[str, str]:
    code = error.get("category") or error.get("code") or "invalid"
    return str(code), str(error.get("message") or "no reason given")


def words(answer: Answer) -> tuple[str, str]:
    """Return the category and the message of an error."""
    body = answer.body if isinstance(answer.body, Mapping) else {}
    return _said_in({"category": str(answer.status), **body})


# ---- properties ----------------------------------------------------------------------------


def check_call(answers: Sequence[Answer]) -> Call | None:
    """Read the contacts' property groups."""
    return None if answers else get(f"{PROPERTIES}/groups")


def prepare_call(segments: Sequence[Segment], answers: Sequence[Answer]) -> Call | None:
    """See which properties there are, then make the group and the properties that are missing.

    Raises
    ------
    InvalidInput
        Somebody else has a property of the same name that cannot hold what we say.
    Refused
        HubSpot did not make a property, for its plan's limit perhaps.
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
        raise Malformed("somebody else made it meanwhile")
    for error in (error for answer in made for error in _errors(answer)):
        raise Refused(f"HubSpot made not all contact properties: {' '.join(_said_in(error))}")
    return steps[len(made)] if len(made) < len(steps) else None


def missing(
    segments: Sequence[Segment], found: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the properties that segments ask for beyond those that were found."""
    known = {str(one.get("name")): one for one in found}
    names = dict.fromkeys([KEY, *content.NAMES, *map(content.attribute, segments)])
    for name in (name for name in names if name in known):
        _check(known[name], contact_property(name))
    return [contact_property(name) for name in names if name not in known]


def _check(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    same_type = found.get("type") == wanted["type"]
    if not same_type or (wanted["hasUniqueValue"] and not found.get("hasUniqueValue")):
        unique = " with unique values" if wanted["hasUniqueValue"] else ""
        raise InvalidInput(
            f"HubSpot has a contact property {wanted['name']} that is none of ours: expected the "
            f"type {wanted['type']}{unique}; delete it there if nobody needs it"
        )
