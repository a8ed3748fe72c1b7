"""Profiles of the local Klaviyo by our customer id, changed one by one, and deletion jobs.

A job deletes at once. In Klaviyo it takes a while.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from local.services.frame.http_service import ReceivedRequest, Rejected
from local.services.klaviyo.rules import only

_FILTER = re.compile(r'equals\(external_id,"((?:[^"\\]|\\.)*)"\)')
_QUERY = {"filter", "fields[profile]", "additional-fields[profile]"}
_FIELDS = {"external_id", "properties", "subscriptions"}


class Profiles(Protocol):
    """What a request about one profile touches."""

    profiles: dict[str, dict[str, Any]]
    _owners: dict[str, str]


def profile_id(customer_id: str) -> str:
    """Return the account's own id of a profile."""
    return "01" + hashlib.sha256(customer_id.encode()).hexdigest()[:24].upper()


def list_profiles(account: Profiles, request: ReceivedRequest) -> tuple[int, Any]:
    """Return the profile of a customer id, with its subscriptions."""
    matched = _FILTER.fullmatch(request.query.get("filter", ""))
    fields = set(request.query.get("fields[profile]", "").split(","))
    if matched is None or set(request.query) != _QUERY or not fields <= _FIELDS:
        raise Rejected(400, "expected a filter by external_id, with fields")
    if request.query["additional-fields[profile]"] != "subscriptions":
        raise Rejected(400, "expected the subscriptions", pointer="additional-fields")
    customer_id = re.sub(r"\\(.)", r"\1", matched[1])
    known = account.profiles.get(customer_id)
    data = [] if known is None else [_shown(customer_id, known)]
    return 200, {"data": data, "links": {"self": request.path}}


def _shown(customer_id: str, known: Mapping[str, Any]) -> dict[str, Any]:
    attributes = {
        "external_id": customer_id,
        "properties": known["properties"],
        "subscriptions": known.get("subscriptions", {}),
    }
    return {"type": "profile", "id": profile_id(customer_id), "attributes": attributes}


def change_profile(account: Profiles, request: ReceivedRequest, name: str) -> tuple[int, Any]:
    """Unset properties of a profile, and its customer id."""
    only(request.body, {"data"}, at="")
    data = request.body["data"]
    only(data, {"type", "id", "attributes", "meta"}, at="/data")
    if (data["type"], data["id"]) != ("profile", name):
        raise Rejected(400, "expected the profile of the path", pointer="/data")
    if data["attributes"] != {"external_id": None}:
        raise Rejected(400, "expected to unset the external_id", pointer="/data/attributes")
    only(data["meta"], {"patch_properties"}, at="/data/meta")
    only(data["meta"]["patch_properties"], {"unset"}, at="/data/meta/patch_properties")
    customer_id = _customer_of(account, name)
    known = account.profiles.pop(customer_id)
    for one in data["meta"]["patch_properties"]["unset"]:
        known["properties"].pop(one, None)
    return 200, {"data": {"type": "profile", "id": name, "attributes": {}}}


def delete_by_job(account: Profiles, request: ReceivedRequest) -> tuple[int, Any]:
    """Delete a profile by the account's own id."""
    only(request.body, {"data"}, at="")
    data = request.body["data"]
    only(data, {"type", "attributes"}, at="/data")
    if data["type"] != "data-privacy-deletion-job":
        raise Rejected(400, "expected a deletion job", pointer="/data/type")
    only(data["attributes"], {"profile"}, at="/data/attributes")
    only(data["attributes"]["profile"], {"data"}, at="/data/attributes/profile")
    named = data["attributes"]["profile"]["data"]
    only(named, {"type", "id", "attributes"}, at="/data/attributes/profile/data")
    if (named["type"], named["attributes"]) != ("profile", {}) or not isinstance(named["id"], str):
        raise Rejected(400, "expected a profile's id", pointer="/data/attributes/profile/data")
    customer_id = _customer_of(account, named["id"])
    del account.profiles[customer_id]
    for email in [email for email, owner in account._owners.items() if owner == customer_id]:
        del account._owners[email]
    return 202, None


def _customer_of(account: Profiles, name: str) -> str:
    by_id = {profile_id(one): one for one in account.profiles}
    if name not in by_id:
        raise Rejected(404, "no such profile")
    return by_id[name]


ROUTES: Sequence[tuple[str, str, Callable[..., tuple[int, Any]]]] = (
    ("GET", "/api/profiles", list_profiles),
    ("PATCH", "/api/profiles/([^/]+)", change_profile),
    ("POST", "/api/data-privacy-deletion-jobs", delete_by_job),
)
