"""What Pinpoint takes: the lines of an import, and the conditions of a segment."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from local.loopback.models import service_model
from local.services.frame.addresses import is_phone
from local.services.frame.aws_service import ServiceError

Attributes = Mapping[str, Sequence[str]]
Predicate = Callable[[Attributes], bool]

_MEMBERS = frozenset(
    {
        "Address", "Attributes", "ChannelType", "Demographic", "EffectiveDate", "Id", "Location",
        "Metrics", "OptOut", "RequestId", "User",
    }
)  # fmt: skip
_PHONES = ("SMS", "VOICE")
_NAME, _VALUE, _VALUES = 50, 100, 50
_BYTES = 15_000
_ENDPOINTS = 15
_DIMENSIONS = 100


class BadEndpointError(Exception):
    """An import's line that is refused."""

    def __init__(self, message: str, endpoint_id: str = "") -> None:
        super().__init__(message)
        self.endpoint_id = endpoint_id


def parsed(line: str) -> dict[str, Any]:
    """Read a line of an import."""
    try:
        endpoint = json.loads(line)
    except ValueError:
        raise BadEndpointError("not valid JSON") from None
    if not isinstance(endpoint, dict):
        raise BadEndpointError("not an endpoint")
    return endpoint


def checked(
    endpoint: Mapping[str, Any], *, known: Mapping[str, Any], others: Sequence[Mapping[str, Any]]
) -> None:
    """Refuse an endpoint that could not be registered.

    Parameters
    ----------
    endpoint
        As the import says it.
    known
        As it is there, empty for a new one.
    others
        The other endpoints of its user.
    """
    for good, words in _rules(endpoint, known, others):
        if not good:
            raise BadEndpointError(words, str(endpoint.get("Id", "")))


def _rules(
    endpoint: Mapping[str, Any], known: Mapping[str, Any], others: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[bool, str]]:
    user = endpoint.get("User", {})
    address = str(endpoint.get("Address", ""))
    channel = endpoint.get("ChannelType", known.get("ChannelType"))
    channels = service_model("pinpoint").shape_for("ChannelType").enum
    lists = {**endpoint.get("Attributes", {}), **user.get("UserAttributes", {})}
    metrics = endpoint.get("Metrics", {})
    size = len(json.dumps(endpoint, ensure_ascii=False).encode())
    yield set(endpoint) <= _MEMBERS, "a member that imports do not have"
    yield set(user) <= {"UserId", "UserAttributes"}, "a member that users do not have"
    yield bool(known or (address and channel)), "a new endpoint needs Address and ChannelType"
    yield channel in channels, "unknown ChannelType"
    phone = channel in _PHONES and address
    yield not phone or is_phone(address), "a phone number that is not E.164"
    yield all(map(_is_list, lists.values())), "attributes must be lists of texts"
    yield all(len(name) <= _NAME for name in (*lists, *metrics)), "a name is too long"
    short = all(len(value) <= _VALUE for values in lists.values() for value in values)
    yield short, "a value is too long"
    yield all(isinstance(value, int | float) for value in metrics.values()), "not a number"
    yield size <= _BYTES, "the endpoint is too large"
    yield len(others) < _ENDPOINTS, f"the user has {_ENDPOINTS} endpoints"


def _is_list(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= _VALUES
        and all(isinstance(inner, str) for inner in value)
    )


def evaluated(segment: Mapping[str, Any]) -> Predicate:
    """Return the predicate of a segment over a user's attributes.

    Raises
    ------
    ServiceError
        It has a condition that is not evaluated locally, or too many.
    """
    groups = segment.get("SegmentGroups", {}).get("Groups", [])
    plain: Mapping[str, Any] = {"Dimensions": [segment.get("Dimensions", {})]}
    group = groups[0] if groups else plain
    predicates = [each for one in group.get("Dimensions", []) for each in _dimensions(one)]
    if not predicates or len(predicates) > _DIMENSIONS or group.get("SourceSegments"):
        raise ServiceError("BadRequestException", "Give 1 to 100 dimensions and no base segment.")
    combine = {"ALL": all, "ANY": any}.get(group.get("Type", "ALL"))
    if combine is None:
        raise ServiceError("BadRequestException", "Type NONE is not evaluated locally.")
    return lambda attributes: combine(is_in(attributes) for is_in in predicates)


def _dimensions(one: Mapping[str, Any]) -> list[Predicate]:
    if set(one) - {"UserAttributes"}:
        raise ServiceError("BadRequestException", f"not evaluated locally: {sorted(one)}")
    return [
        _dimension(name, dimension) for name, dimension in one.get("UserAttributes", {}).items()
    ]


def _dimension(name: str, dimension: Mapping[str, Any]) -> Predicate:
    kind, wanted = dimension.get("AttributeType", "INCLUSIVE"), set(dimension["Values"])
    if kind == "INCLUSIVE":
        return lambda attributes: bool(wanted & set(attributes.get(name, ())))
    if kind == "EXCLUSIVE":
        return lambda attributes: not wanted & set(attributes.get(name, ()))
    raise ServiceError("BadRequestException", f"not evaluated locally: {kind}")
