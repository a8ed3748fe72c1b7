"""What Klaviyo takes in an import and a segment's definition, and who meets the latter."""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Mapping, Set
from typing import Any

from local.services.frame.addresses import is_email, is_phone
from local.services.frame.http_service import Rejected

_PROFILES_MOST = 10_000
_PROFILE_BYTES = 100_000
_TEXTS = {
    "email", "phone_number", "external_id", "first_name", "last_name", "organization", "locale",
    "title", "image",
}  # fmt: skip
_ATTRIBUTES = {*_TEXTS, "location", "properties"}
_META = {"append", "unappend", "unset"}
_PROPERTY = re.compile(r"properties\['([^']+)'\]")
_PLACE = "/data/attributes/profiles/data"
_TESTS: Mapping[tuple[str, str], Callable[[Any, Any], bool]] = {
    ("string", "equals"): operator.eq,
    ("numeric", "greater-than-or-equal"): operator.ge,
    ("numeric", "less-than-or-equal"): operator.le,
}


def check_import(body: Any) -> list[dict[str, Any]]:
    """Return an import job's profiles, or say what is wrong and where."""
    only(body, {"data"}, at="")
    data = body["data"]
    only(data, {"type", "attributes"}, at="/data")
    if data["type"] != "profile-bulk-import-job":
        raise Rejected(400, "expected the type profile-bulk-import-job", pointer="/data/type")
    only(data["attributes"], {"profiles"}, at="/data/attributes")
    only(data["attributes"]["profiles"], {"data"}, at="/data/attributes/profiles")
    profiles = data["attributes"]["profiles"]["data"]
    if not isinstance(profiles, list) or not 1 <= len(profiles) <= _PROFILES_MOST:
        raise Rejected(400, f"expected 1 to {_PROFILES_MOST} profiles", pointer=_PLACE)
    for index, profile in enumerate(profiles):
        _check_profile(profile, at=f"{_PLACE}/{index}")
    return profiles


def _check_profile(profile: Any, *, at: str) -> None:
    only(profile, {"type", "attributes"}, at=at, also={"meta"})
    if profile["type"] != "profile":
        raise Rejected(400, "expected the type profile", pointer=f"{at}/type")
    size = len(json.dumps(profile, ensure_ascii=False).encode())
    if size > _PROFILE_BYTES:
        raise Rejected(400, f"the profile has more than {_PROFILE_BYTES} bytes", pointer=at)
    attributes = profile["attributes"]
    only(attributes, {"external_id"}, at=f"{at}/attributes", also=_ATTRIBUTES)
    for name in _TEXTS & set(attributes):
        if not isinstance(attributes[name], str) or not attributes[name]:
            raise Rejected(400, f"{name} must be a text", pointer=f"{at}/attributes/{name}")
    if "email" in attributes and not is_email(attributes["email"]):
        raise Rejected(400, "email is not an address", pointer=f"{at}/attributes/email")
    if "phone_number" in attributes and not is_phone(attributes["phone_number"]):
        raise Rejected(400, "phone_number is not E.164", pointer=f"{at}/attributes/phone_number")
    _check_properties(attributes.get("properties", {}), at=f"{at}/attributes/properties")
    _check_meta(profile.get("meta", {}), at=f"{at}/meta")


def _check_properties(properties: Any, *, at: str) -> None:
    only(properties, frozenset(), at=at, also=None)
    for name, value in properties.items():
        if not isinstance(value, (str, int, float, bool)):
            raise Rejected(400, "expected a text or a number", pointer=f"{at}/{name}")


def _check_meta(meta: Any, *, at: str) -> None:
    only(meta, frozenset(), at=at, also={"patch_properties"})
    patch = meta.get("patch_properties", {})
    only(patch, frozenset(), at=f"{at}/patch_properties", also=_META)
    unset = patch.get("unset", [])
    if not isinstance(unset, list) or not all(isinstance(name, str) for name in unset):
        raise Rejected(400, "expected names", pointer=f"{at}/patch_properties/unset")


def only(value: Any, needed: Set[str], *, at: str, also: Set[str] | None = frozenset()) -> None:
    """Refuse what is no object, lacks a field, or has one that nobody knows (None: any)."""
    if not isinstance(value, dict):
        raise Rejected(400, "expected an object", pointer=at)
    lacking = needed - set(value)
    unknown = set() if also is None else set(value) - needed - set(also)
    if lacking or unknown:
        words = [f"{name} is missing" for name in sorted(lacking)]
        words += [f"{name} is not a valid field" for name in sorted(unknown)]
        raise Rejected(400, "; ".join(words), pointer=at)


def check_definition(definition: Any) -> None:
    """Refuse a definition that is none, or asks for what this stand-in cannot evaluate."""
    at = "/data/attributes/definition"
    only(definition, {"condition_groups"}, at=at)
    groups = definition["condition_groups"]
    if not isinstance(groups, list) or not groups:
        raise Rejected(400, "expected condition groups", pointer=at)
    for group in groups:
        only(group, {"conditions"}, at=f"{at}/condition_groups")
        for condition in group["conditions"]:
            _check_condition(condition, at=f"{at}/condition_groups/conditions")


def _check_condition(condition: Any, *, at: str) -> None:
    only(condition, {"type", "property", "filter"}, at=at)
    if condition["type"] != "profile-property" or not _PROPERTY.fullmatch(condition["property"]):
        raise Rejected(400, "expected a condition on properties['…']", pointer=at)
    test = condition["filter"]
    if test == {"type": "existence", "operator": "is-set"}:
        return
    only(test, {"type", "operator", "value"}, at=f"{at}/filter")
    kind = {str: "string", int: "numeric", float: "numeric"}.get(type(test["value"]))
    if (test["type"], test["operator"]) not in _TESTS or test["type"] != kind:
        words = "only equals of texts, and bounds of numbers, are served locally"
        raise Rejected(400, words, pointer=f"{at}/filter")


def is_member(profile: Mapping[str, Any], definition: Mapping[str, Any]) -> bool:
    """Return whether a profile meets a definition: one condition of each group."""
    return all(
        any(_holds(condition, profile["properties"]) for condition in group["conditions"])
        for group in definition["condition_groups"]
    )


def _holds(condition: Mapping[str, Any], properties: Mapping[str, Any]) -> bool:
    named = _PROPERTY.fullmatch(condition["property"])
    value = properties.get(named[1]) if named else None
    test = condition["filter"]
    if test["type"] == "existence":
        return value is not None
    if test["type"] == "numeric" and not isinstance(value, int | float):
        return False
    return bool(_TESTS[test["type"], test["operator"]](value, test["value"]))
