"""What a Customer Profiles segment asks of a profile, evaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

Profile = Mapping[str, Any]
Predicate = Callable[[Profile], bool]
Test = Callable[[str | None], bool]
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
    """A condition that this stand-in cannot evaluate. Its text says which."""


def compiled(query: Mapping[str, Any], *, segment: Callable[[str], Mapping[str, Any]]) -> Predicate:
    """Return the predicate of a segment's members.

    Parameters
    ----------
    query
        SegmentGroups, as CreateSegmentDefinition takes them.
    segment
        Gives the SegmentGroups of another segment by name.

    Raises
    ------
    UnknownConditionError
        The query has a condition that this stand-in cannot evaluate.
    """
    groups = [_group(group, segment=segment) for group in query.get("Groups", [])]
    return _combined(query.get("Include", "ALL"), groups)


def _combined(how: str, parts: Sequence[Predicate]) -> Predicate:
    if len(parts) == 1 and how != "NONE":
        return parts[0]
    combine = _COMBINE[how]
    return lambda profile: combine(part(profile) for part in parts)


def _group(group: Mapping[str, Any], *, segment: Callable[[str], Mapping[str, Any]]) -> Predicate:
    parts = [
        _combined(group.get("Type", "ALL"), [_dimension(d) for d in group.get("Dimensions", [])])
    ]
    sources = [
        compiled(segment(source["SegmentDefinitionName"]), segment=segment)
        for source in group.get("SourceSegments", [])
    ]
    if sources:
        parts.insert(0, _combined(group.get("SourceType", "ALL"), sources))
    return _combined("ALL", parts)


def _dimension(dimension: Mapping[str, Any]) -> Predicate:
    if set(dimension) - {"ProfileAttributes"}:
        raise UnknownConditionError(f"dimension {sorted(dimension)[0]}")
    parts = []
    for name, condition in dimension["ProfileAttributes"].items():
        if name == "Attributes":
            parts += [_attribute(key, _test(each)) for key, each in condition.items()]
        else:
            parts.append(_field(name, _test(condition)))
    return _combined("ALL", parts)


def _field(name: str, test: Test) -> Predicate:
    return lambda profile: test(profile.get(name))


def _attribute(name: str, test: Test) -> Predicate:
    return lambda profile: test(profile.get("Attributes", {}).get(name))


def _test(condition: Mapping[str, Any]) -> Test:
    kind, wanted = condition["DimensionType"], condition["Values"]
    if kind in _TEXTUAL:
        textual = _TEXTUAL[kind]
        return lambda value: kind == "EXCLUSIVE" if value is None else textual(value, wanted)
    if kind in _NUMERIC:
        return lambda value: value is not None and _number(value, kind, wanted)
    raise UnknownConditionError(f"dimension type {kind}")


def _number(value: str, kind: str, wanted: list[str]) -> bool:
    try:
        return _NUMERIC[kind](float(value), [float(limit) for limit in wanted])
    except ValueError:
        return False  # text is neither above nor below a number
