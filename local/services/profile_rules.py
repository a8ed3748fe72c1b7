"""What a Customer Profiles segment asks of a profile, evaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Profile = Mapping[str, Any]
_COMBINE: Mapping[str, Callable[[Iterable[bool]], bool]] = {
    "ALL": all,
    "ANY": any,
    "NONE": lambda answers: not any(answers),
}
_NUMERIC: Mapping[str, Callable[[float, list[float]], bool]] = {
    "GREATER_THAN": lambda value, limits: value > limits[0],
    "LESS_THAN": lambda value, limits: value < limits[0],
    "GREATER_THAN_OR_EQUAL": lambda value, limits: value >= limits[0],
    "LESS_THAN_OR_EQUAL": lambda value, limits: value <= limits[0],
    "EQUAL": lambda value, limits: value == limits[0],
    "BETWEEN": lambda value, limits: limits[0] <= value <= limits[1],
    "NOT_BETWEEN": lambda value, limits: not limits[0] <= value <= limits[1],
}
_TEXTUAL: Mapping[str, Callable[[str, list[str]], bool]] = {
    "INCLUSIVE": lambda value, wanted: value in wanted,
    "EXCLUSIVE": lambda value, wanted: value not in wanted,
    "CONTAINS": lambda value, wanted: any(part in value for part in wanted),
    "BEGINS_WITH": lambda value, wanted: value.startswith(tuple(wanted)),
    "ENDS_WITH": lambda value, wanted: value.endswith(tuple(wanted)),
}


class UnknownConditionError(Exception):
    """A condition that this stand-in cannot evaluate; its text says which."""


def matches(
    query: Mapping[str, Any], profile: Profile, *, segment: Callable[[str], Mapping[str, Any]]
) -> bool:
    """Tell whether a profile is in a segment.

    Parameters
    ----------
    query
        SegmentGroups, as CreateSegmentDefinition takes them.
    profile
        A profile, as SearchProfiles returns it.
    segment
        Gives the SegmentGroups of another segment by name.
    """
    groups = [_group(group, profile, segment=segment) for group in query.get("Groups", [])]
    return _COMBINE[query.get("Include", "ALL")](groups)


def _group(
    group: Mapping[str, Any], profile: Profile, *, segment: Callable[[str], Mapping[str, Any]]
) -> bool:
    sources = [
        matches(segment(source["SegmentDefinitionName"]), profile, segment=segment)
        for source in group.get("SourceSegments", [])
    ]
    if sources and not _COMBINE[group.get("SourceType", "ALL")](sources):
        return False
    dimensions = [_dimension(dimension, profile) for dimension in group.get("Dimensions", [])]
    return _COMBINE[group.get("Type", "ALL")](dimensions)


def _dimension(dimension: Mapping[str, Any], profile: Profile) -> bool:
    if set(dimension) - {"ProfileAttributes"}:
        raise UnknownConditionError(f"dimension {sorted(dimension)[0]}")
    answers = []
    for name, condition in dimension["ProfileAttributes"].items():
        if name == "Attributes":
            attributes = profile.get("Attributes", {})
            answers += [_condition(attributes.get(key), each) for key, each in condition.items()]
        else:
            answers.append(_condition(profile.get(name), condition))
    return all(answers)


def _condition(value: str | None, condition: Mapping[str, Any]) -> bool:
    kind, wanted = condition["DimensionType"], condition["Values"]
    if value is None:
        return bool(kind == "EXCLUSIVE")
    if kind in _TEXTUAL:
        return _TEXTUAL[kind](value, wanted)
    if kind in _NUMERIC:
        return _number(value, kind, wanted)
    raise UnknownConditionError(f"dimension type {kind}")


def _number(value: str, kind: str, wanted: list[str]) -> bool:
    try:
        return _NUMERIC[kind](float(value), [float(limit) for limit in wanted])
    except ValueError:
        return False  # text is neither above nor below a number
