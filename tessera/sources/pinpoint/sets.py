"""A rule about numbers as a threshold, or as segment sets whose label ``In`` is the segment."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tessera.segments.sets.threshold_segments import COLUMNS
from tessera.sources.pinpoint.conditions import (
    HIGHEST,
    LOWEST,
    STEP,
    Interval,
    UntranslatableError,
)
from tessera.sources.pinpoint.names import PARTS
from tessera.sources.pinpoint.rules import Rule

ACTION = "As you did in Pinpoint."
IN, _UNDER, _OVER, _OUT, _EMPTY = "In", "Under", "Over", "Out", "Unknown"
LABELS = (IN, _UNDER, _OVER, _OUT, _EMPTY)


def label_table(label: str, meaning: str) -> dict[str, Any]:
    """Return a label with its texts."""
    return {"label": label, "meaning": meaning, "action": ACTION}


def threshold_of(rule: Rule) -> dict[str, Any] | None:
    """Return a rule about one number as a threshold's table, None where there can be none."""
    if len(rule.columns) != 1 or rule.columns[0] not in COLUMNS:
        return None
    (column,) = rule.columns
    inside = _single(rule, column)
    bounds = {"at_least": inside.low, "at_most": inside.high - STEP[column]}
    numbers = {key: _as_number(value) for key, value in bounds.items() if value.is_finite()}
    meaning = f"Pinpoint's segment {rule.name}."
    return {"attribute": column, **numbers, "meaning": meaning, "action": ACTION}


def sets_of(rule: Rule, *, prefix: str, name: str) -> dict[str, dict[str, Any]]:
    """Return a rule as segment sets by their names, the one that says it last.

    Raises
    ------
    UntranslatableError
        No set can say it.
    """
    columns = rule.columns
    if len(columns) > 2 or (len(columns) == 2 and rule.kind == "NONE"):
        raise UntranslatableError(f"it combines {', '.join(columns)}: a set combines two at most")
    intervals = [(column, _single(rule, column)) for column in columns]
    if len(columns) == 1:
        return {name: _simple(rule.name, prefix, *intervals[0])}
    parts = {
        f"{name}_{part.lower()}": _simple(rule.name, f"{prefix} {part}", *one)
        for part, one in zip(PARTS, intervals, strict=True)
    }
    return {**parts, name: _pair(rule, prefix, parts)}


def _single(rule: Rule, column: str) -> Interval:
    intervals = rule.intervals(column)
    if len(intervals) != 1 or intervals[0] == Interval():
        raise UntranslatableError(f"its condition on {column} is not one range of numbers")
    return intervals[0]


def _simple(name: str, prefix: str, column: str, inside: Interval) -> dict[str, Any]:
    ranges = {IN: inside}
    if inside.low > LOWEST:
        ranges[_UNDER] = Interval(high=inside.low)
    if inside.high < HIGHEST:
        ranges[_OVER] = Interval(low=inside.high)
    return {
        "prefix": prefix,
        "meaning": f"Pinpoint's segment {name}, by {column}.",
        "label": [label_table(label, f"{column}{_words(one)}.") for label, one in ranges.items()],
        "empty": label_table(_EMPTY, f"No {column}."),
        "rule": [{"column": column, "ranges": {to: _table(one) for to, one in ranges.items()}}],
    }


def _pair(rule: Rule, prefix: str, parts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    first = next(iter(parts.values()))
    rest = [one["label"] for one in (*first["label"], first["empty"]) if one["label"] != IN]
    pairs = [[IN, IN]] if rule.kind == "ALL" else [[IN, "*"], *([one, IN] for one in rest)]
    return {
        "prefix": prefix,
        "meaning": f"Pinpoint's segment {rule.name}.",
        "of": list(parts),
        "label": [{**label_table(IN, f"In Pinpoint's segment {rule.name}."), "pairs": pairs}],
        "otherwise": label_table(_OUT, f"Not in Pinpoint's segment {rule.name}."),
    }


def _words(one: Interval) -> str:
    low = f" from {one.low} on" if one.low > LOWEST else ""
    return f"{low}{' and' if low and one.high < HIGHEST else ''}" + (
        f" below {one.high}" if one.high < HIGHEST else ""
    )


def _table(one: Interval) -> dict[str, float | int]:
    limits = {"from": one.low, "below": one.high}
    return {key: _as_number(value) for key, value in limits.items() if value.is_finite()}


def _as_number(value: Decimal) -> float | int:
    return int(value) if value == value.to_integral_value() else float(value)
