"""What a Customer Profiles service holds: domains, object types, profiles, segments."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from local.loopback.held import Held
from local.loopback.memory import FORGOTTEN
from local.services.customer_profiles.rules import Predicate, UnknownConditionError, compiled
from local.services.frame.aws_service import ServiceError

_ACCOUNT = "000000000000"
_VALUE_LIMIT = 255  # characters of a standard field or attribute
_STANDARD_KEYS = {
    "_account": "AccountNumber",
    "_email": "EmailAddress",
    "_phone": "PhoneNumber",
    "_profileId": "ProfileId",
}


@dataclasses.dataclass
class Domain:
    """One domain. Profiles by id, and each object type's index of unique keys."""

    description: dict[str, Any]
    object_types: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    profiles: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    segments: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    estimates: dict[str, dict[str, Any]] = dataclasses.field(
        default_factory=dict, metadata=FORGOTTEN
    )
    uploads: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict, metadata=FORGOTTEN)
    objects: int = 0

    def object_type(self, name: str) -> dict[str, Any]:
        """Return an object type, or say that there is none."""
        if name not in self.object_types:
            raise ServiceError("ResourceNotFoundException", f"Object type {name} does not exist.")
        return self.object_types[name]

    def segment(self, name: str) -> dict[str, Any]:
        """Return a segment, or say that there is none."""
        if name not in self.segments:
            raise ServiceError("ResourceNotFoundException", f"Segment {name} does not exist.")
        return self.segments[name]

    def held(self) -> Held:
        """Return the profiles' attributes by account number, and who is in each segment."""
        return {
            "customers": {
                str(one.get("AccountNumber", one["ProfileId"])): one.get("Attributes", {})
                for one in self.profiles.values()
            },
            "segments": {
                name: self.count(one["SegmentGroups"])
                for name, one in self.segments.items()
                if "SegmentGroups" in one
            },
        }

    def count(self, query: Mapping[str, Any]) -> int:
        """Return how many profiles are in a segment."""
        return sum(map(self.membership(query), self.profiles.values()))

    def membership(self, query: Mapping[str, Any]) -> Predicate:
        """Return the predicate of a segment's members."""
        try:
            return compiled(query, segment=lambda name: self.segment(name)["SegmentGroups"])
        except UnknownConditionError as error:
            raise ServiceError("BadRequestException", f"not evaluated locally: {error}") from error

    def put(self, type_name: str, text: str) -> str:
        """Upsert the profile of an object by the object type's unique key. Return the key."""
        kind = self.object_type(type_name)
        values = _values(text)
        unique = _unique_fields(kind, values)
        creates = kind.get("AllowProfileCreation", False)
        self.objects += self.upsert(kind["Fields"], values, unique=unique, creates=creates)
        return _key(kind["Fields"], values, unique=unique)

    def upsert(
        self,
        fields: Mapping[str, Any],
        values: Mapping[str, Any],
        *,
        unique: Sequence[str],
        creates: bool = True,
    ) -> bool:
        """Create or update the profile of some values. Return whether there is one.

        Parameters
        ----------
        fields
            What each value becomes, as an object type or an upload job has it.
        values
            By their sources.
        unique
            Fields by which it is found: where they have the same target it is the same profile.
        creates
            Whether one that is not there is made.
        """
        targets = [fields[name]["Target"] for name in unique]
        identity = "/".join([*targets, _key(fields, values, unique=unique)])
        profile_id = hashlib.md5(identity.encode(), usedforsecurity=False).hexdigest()
        if profile_id not in self.profiles and not creates:
            return False  # the object is kept, no profile comes of it
        self.profiles[profile_id] = {"ProfileId": profile_id, **_profile(fields, values)}
        return True

    def search(self, key: str, values: list[str]) -> list[dict[str, Any]]:
        """Return the profiles that a search key finds, sorted by id."""
        target = _STANDARD_KEYS.get(key) or self._target(key)
        matches = [profile for profile in self.profiles.values() if _at(profile, target) in values]
        return sorted(matches, key=lambda profile: str(profile["ProfileId"]))

    def _target(self, key: str) -> str:
        for kind in self.object_types.values():
            for definition in kind.get("Keys", {}).get(key, []):
                field = kind["Fields"][definition["FieldNames"][0]]
                return str(field["Target"]).removeprefix("_profile.")
        raise ServiceError("BadRequestException", f"Search key {key} is not defined.")


def new_domain(name: str, parameters: Mapping[str, Any]) -> Domain:
    """Return an empty domain."""
    now = time.time()
    kept = {**parameters, "DomainName": name, "CreatedAt": now, "LastUpdatedAt": now}
    return Domain({"Tags": {}, **kept})


def segment_arn(domain: str, name: str) -> str:
    """Return a segment's ARN."""
    return f"arn:aws:profile:us-east-1:{_ACCOUNT}:domains/{domain}/segment-definitions/{name}"


def _values(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise ServiceError("BadRequestException", "Object is not valid JSON.") from error
    if not isinstance(value, dict):
        raise ServiceError("BadRequestException", "Object must be a JSON object.")
    return value


def _unique_fields(kind: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """Return the fields of an object type's first unique key that has all its values."""
    for definitions in kind.get("Keys", {}).values():
        for definition in definitions:
            if "UNIQUE" in definition.get("StandardIdentifiers", []):
                names = list(definition["FieldNames"])
                if all(_source(kind["Fields"][name], values) for name in names):
                    return names
    raise ServiceError("BadRequestException", "Object has no value for its unique key.")


def _key(fields: Mapping[str, Any], values: Mapping[str, Any], *, unique: Sequence[str]) -> str:
    sources = [_source(fields[name], values) for name in unique]
    if not all(sources):
        raise ServiceError("BadRequestException", "There is no value for the unique key.")
    return "|".join(map(str, sources))


def _profile(fields: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    profile: dict[str, Any] = {}
    for name, field in fields.items():
        value = _source(field, values)
        if value is None or not str(field.get("Target", "")).startswith("_profile."):
            continue
        if not isinstance(value, str) or not 1 <= len(value) <= _VALUE_LIMIT:
            message = f"Field {name} must be a string of 1 to {_VALUE_LIMIT} characters."
            raise ServiceError("BadRequestException", message)
        *path, last = field["Target"].removeprefix("_profile.").split(".")
        place = profile
        for step in path:
            place = place.setdefault(step, {})
        place[last] = value
    return profile


def _source(field: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
    return values.get(str(field["Source"]).removeprefix("_source."))


def _at(profile: Mapping[str, Any], target: str) -> Any:
    value: Any = profile
    for step in target.split("."):
        value = value.get(step, {})
    return value or None
