"""HubSpot's contact properties, which must exist before contacts have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tessera.contracts.hubspot import GROUP, KEY, contact_property
from tessera.destinations import content
from tessera.destinations.requests import Malformed, Request, Response, at
from tessera.destinations.vendors.hubspot.api import VERSION, code_and_message, errors_of, get, post
from tessera.errors import InvalidInput, Refused
from tessera.records.loads.segment import Segment

PROPERTIES = f"/crm/properties/{VERSION}/contacts"


def check_request(responses: Sequence[Response]) -> Request | None:
    """Read the contacts' property groups."""
    return None if responses else get(f"{PROPERTIES}/groups")


def prepare_request(segments: Sequence[Segment], responses: Sequence[Response]) -> Request | None:
    """List the properties, then create the missing ones, and their group if it is missing.

    Raises
    ------
    InvalidInput
        A property of the same name exists and cannot store our values.
    Refused
        HubSpot did not create a property, for example because of its plan's limit.
    """
    if not responses:
        return get(PROPERTIES)
    lacking = missing(segments, at(responses[0], "results", kind=list))
    if not lacking:
        return None
    if len(responses) == 1:
        return get(f"{PROPERTIES}/groups/{GROUP}")
    steps = [post(f"{PROPERTIES}/batch/create", {"inputs": lacking})]
    if responses[1].status == 404:
        steps.insert(0, post(f"{PROPERTIES}/groups", {"name": GROUP, "label": "Tessera"}))
    made = responses[2:]
    if any(response.status >= 400 for response in made):
        raise Malformed("the group or a property was created by someone else meanwhile")
    for error in (error for response in made for error in errors_of(response)):
        reason = " ".join(code_and_message(error))
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
