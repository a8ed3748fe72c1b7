"""A person who is to be erased at Klaviyo: a deletion job, unless an opt-out would be lost.

A deletion removes the profile with its unsubscription and suppression. A sign-up or an import could
then bring the address back without them. So a profile with an opt-out stays, and loses our
properties and the customer id. People decide there whether to delete it too.

Sources: Klaviyo's description, revision 2026-07-15, for the requests, the forms of subscriptions
and the rates. A deletion job answers 202 without a body, and has no status to ask for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from tessera.destinations.erasing import ErasureAnswer, ErasurePerson
from tessera.destinations.requests import Malformed, Request, Response, at
from tessera.destinations.vendors.klaviyo.api import get, headers

PROFILES = "/api/profiles"
JOBS = "/api/data-privacy-deletion-jobs"

_ACCEPTED = 202
_OURS = "rfm_"
_PER_MINUTE = 60
_LATER = (
    "Klaviyo deletes the profile by a job. It redacts its events, and keeps the address in the "
    "account's list of deleted profiles, as proof"
)
_KEPT = (
    "the profile has opted out, which a deletion would lose, so it stays without our properties "
    "and the customer id: delete it in Klaviyo if the person wants that too"
)


def erase_request(person: ErasurePerson, responses: Sequence[Response]) -> Request | ErasureAnswer:
    """Look the profile up by the customer's id, then delete it, or clear it if it opted out."""
    if not responses:
        return get(_lookup(person.customer_id))
    profiles = at(responses[0], "data", kind=list)
    done = responses[1:]
    for profile, response in zip(profiles, done, strict=False):
        _check(profile, response)
    if len(done) < len(profiles):
        profile = profiles[len(done)]
        return _clear(profile) if _opted_out(profile) else _delete(profile)
    if not profiles:
        return ErasureAnswer("absent")
    if any(map(_opted_out, profiles)):
        return ErasureAnswer("cleared", _KEPT)
    return ErasureAnswer("requested", _LATER)


def _lookup(customer_id: str) -> str:
    quoted = customer_id.replace("\\", "\\\\").replace('"', '\\"')
    test = quote(f'equals(external_id,"{quoted}")', safe="")
    fields = "fields%5Bprofile%5D=external_id,properties,subscriptions"
    return f"{PROFILES}?filter={test}&{fields}&additional-fields%5Bprofile%5D=subscriptions"


def _opted_out(profile: Mapping[str, Any]) -> bool:
    """Return whether a profile has unsubscribed from a channel, or is suppressed there."""
    channels = (profile["attributes"].get("subscriptions") or {}).values()
    consents = [(channel or {}).get("marketing") or {} for channel in channels]
    return any(
        one.get("consent") == "UNSUBSCRIBED"
        or bool(one.get("suppression"))
        or bool(one.get("list_suppressions"))
        for one in consents
    )


def _delete(profile: Mapping[str, Any]) -> Request:
    named = {"data": {"type": "profile", "id": str(profile["id"]), "attributes": {}}}
    job = {"type": "data-privacy-deletion-job", "attributes": {"profile": named}}
    return Request(
        "POST",
        JOBS,
        {"data": job},
        headers(body=True),
        per_minute=_PER_MINUTE,
        needs="the scope data-privacy:write",
    )


def _clear(profile: Mapping[str, Any]) -> Request:
    ours = sorted(name for name in profile["attributes"]["properties"] if name.startswith(_OURS))
    changed = {
        "type": "profile",
        "id": str(profile["id"]),
        "attributes": {"external_id": None},
        "meta": {"patch_properties": {"unset": ours}},
    }
    path = f"{PROFILES}/{quote(str(profile['id']), safe='')}"
    return Request("PATCH", path, {"data": changed}, headers(body=True))


def _check(profile: Mapping[str, Any], response: Response) -> None:
    """Make sure that a response confirms what was asked for. 404 means that it is gone already."""
    if response.status == 404:
        return
    if _opted_out(profile):
        at(response, "data", "id")
    elif response.status != _ACCEPTED:
        raise Malformed("a deletion was not accepted")
