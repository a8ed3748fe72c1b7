"""Pinpoint's dimensional segments, which follow user attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tessera.contracts.customer_profiles import SETS
from tessera.destinations import content
from tessera.records.loads.segment import Segment

DIMENSIONAL = "DIMENSIONAL"  # a segment that follows attributes
NO_LABEL = "-"
_COMBINED = ("Include", "SourceType", "Type")  # ALL by default


def definition(segment: Segment) -> dict[str, Any]:
    """Return a segment in the form of CreateSegment and UpdateSegment.

    An own set's segment also excludes customers who left. The names of users' own sets are not
    known when a customer is cleared.
    """
    wanted = [_dimension(content.attribute(segment), "INCLUSIVE", segment.value)]
    if segment.kind == "set" and segment.set not in SETS:
        wanted.append(_dimension("rfm_segment", "EXCLUSIVE", NO_LABEL))
    group = {"Type": "ALL", "SourceType": "ALL", "SourceSegments": [], "Dimensions": wanted}
    return {"Name": segment.name, "SegmentGroups": {"Groups": [group], "Include": "ALL"}}


def same(wanted: Mapping[str, Any], existing: Mapping[str, Any]) -> bool:
    """Return whether an existing segment has the wanted condition.

    Empty fields do not count, and ALL is the default for combining conditions.
    """
    return bool(_pruned(wanted["SegmentGroups"]) == _pruned(existing.get("SegmentGroups") or {}))


def _dimension(name: str, kind: str, value: str) -> dict[str, Any]:
    return {"UserAttributes": {name: {"AttributeType": kind, "Values": [value]}}}


def _pruned(value: Any) -> Any:  # noqa: ANN401 (JSON is anything)
    if isinstance(value, Mapping):
        kept = {
            name: _pruned(inner)
            for name, inner in value.items()
            if name not in _COMBINED or inner != "ALL"
        }
        return {name: inner for name, inner in kept.items() if inner not in (None, [], {}, "")}
    return [_pruned(inner) for inner in value] if isinstance(value, list) else value
