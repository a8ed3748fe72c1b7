"""A segment of Pinpoint as one rule: conditions on columns of profiles, and how they combine."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tessera.sources.pinpoint.conditions import (
    SCORES,
    Condition,
    Intervals,
    UntranslatableError,
    complement,
    conditions,
    intersection,
    union,
)


@dataclasses.dataclass(frozen=True)
class Rule:
    """The segment's name, and its conditions, combined by ALL, ANY or NONE."""

    name: str
    kind: str
    conditions: tuple[Condition, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it asks for, each once."""
        return tuple(dict.fromkeys(one.column for one in self.conditions))

    def intervals(self, column: str) -> Intervals:
        """Return the intervals of one column's numbers."""
        intervals = [one.intervals for one in self.conditions if one.column == column]
        if self.kind == "ALL":
            return intersection(intervals)
        return union(intervals) if self.kind == "ANY" else complement(union(intervals))

    def holds(self, cell: str) -> bool:
        """Return whether the rule holds for a cell of the three scores."""
        scores = dict(zip(SCORES, map(Decimal, cell), strict=True))
        met = [
            any(one.holds(scores[each.column]) for one in each.intervals)
            for each in self.conditions
        ]
        if self.kind == "ALL":
            return all(met)
        return any(met) is (self.kind == "ANY")


def rule_of(segment: Mapping[str, Any], *, columns: Mapping[str, str]) -> Rule:
    """Return what a segment asks for. ``columns`` is what the user says that names mean.

    Raises
    ------
    UntranslatableError
        It has no equal here.
    OwnLabelsError
        It asks for a label of ours.
    """
    if segment.get("SegmentType") == "IMPORT":
        raise UntranslatableError("an imported list: import its addresses into the new tool")
    groups = (segment.get("SegmentGroups") or {}).get("Groups") or [
        {"Dimensions": [segment.get("Dimensions") or {}]}
    ]
    if len(groups) > 1:
        raise UntranslatableError("it has several groups of conditions")
    (group,) = groups
    if group.get("SourceSegments"):
        raise UntranslatableError("it is built upon other segments")
    kind = group.get("Type") or "ALL"
    parts = [tuple(conditions(one, columns=columns)) for one in group.get("Dimensions") or ()]
    all_conditions = tuple(one for part in parts for one in part)
    if not all_conditions:
        raise UntranslatableError("it has no condition: everybody is in it")
    if kind != "ALL" and any(len(part) > 1 for part in parts):
        raise UntranslatableError(f"Pinpoint does not say how it combines {kind} within a part")
    return Rule(name_of(segment), kind, all_conditions)


def name_of(segment: Mapping[str, Any]) -> str:
    """Return what people call a segment."""
    return str(segment.get("Name") or segment["Id"])
