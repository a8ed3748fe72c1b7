"""The conditions of a Pinpoint segment as intervals of the numbers that profiles have.

Conditions on metrics and attributes that Tessera or the AWS guidance wrote are understood by their
names. A user may map other names to columns. A condition that intervals cannot express is refused
with the reason.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any

from tessera.contracts.customer_profiles import set_attribute
from tessera.contracts.tables import PROFILES, SET_COLUMNS
from tessera.destinations.content import FIELDS

SCORES = ("r_score", "f_score", "m_score")
GUIDANCE = {"RScore": "r_score", "FScore": "f_score", "MScore": "m_score"}  # its metrics
_OURS = {one.name: one.column for one in FIELDS if one.column in SET_COLUMNS}
_LABEL = "rfm_segment"
_CLUSTER = "ClusterLabel"  # the guidance's, whose numbers mean something else after each training
_STEPS = {"int": Decimal(1), "bigint": Decimal(1), "decimal(18,2)": Decimal("0.01")}
# Between one number of a column and the next. 0 where there is no next one.
STEP = {column.name: _STEPS.get(column.type, Decimal(0)) for column in PROFILES.columns}
_NUMBERED = tuple(name for name in SET_COLUMNS if name != "gap_state")

_LARGEST = Decimal(10) ** 14
LOWEST, HIGHEST = Decimal("-Infinity"), Decimal("Infinity")


class UntranslatableError(Exception):
    """A condition has no equal here. The message says why."""


@dataclasses.dataclass(frozen=True, order=True)
class Interval:
    """Numbers from ``low`` on and below ``high``."""

    low: Decimal = LOWEST
    high: Decimal = HIGHEST

    def holds(self, number: Decimal) -> bool:
        """Return whether a number is in it."""
        return self.low <= number < self.high


Intervals = tuple[Interval, ...]  # ascending, none touching another


@dataclasses.dataclass(frozen=True)
class Condition:
    """The numbers of a column that are meant. ``name`` is what Pinpoint calls them."""

    name: str
    column: str
    intervals: Intervals


class OwnLabelsError(Exception):
    """A condition asks for a label that Tessera gave, so the segment is its own."""


def conditions(dimensions: Mapping[str, Any], *, columns: Mapping[str, str]) -> Iterator[Condition]:
    """Yield the conditions of one ``SegmentDimensions``.

    Parameters
    ----------
    dimensions
        As the Pinpoint API gives them.
    columns
        What the user says that names mean: profile columns.

    Raises
    ------
    UntranslatableError
        A condition has no equal here.
    OwnLabelsError
        A condition is about a label of ours.
    """
    for kind, members in dimensions.items():
        if not members:
            continue
        if kind == "Metrics":
            for name, condition in members.items():
                column = _column(name, columns)
                yield Condition(name, column, _metric(condition, column, name))
        elif kind in ("Attributes", "UserAttributes"):
            for name, condition in members.items():
                yield _attribute(name, condition, columns)
        else:
            raise UntranslatableError(_reason(kind))


def union(several: Sequence[Intervals]) -> Intervals:
    """Return the union of all of them."""
    merged: list[Interval] = []
    for one in sorted(itertools.chain.from_iterable(several)):
        if merged and one.low <= merged[-1].high:
            merged[-1] = Interval(merged[-1].low, max(merged[-1].high, one.high))
        else:
            merged.append(one)
    return tuple(merged)


def complement(intervals: Intervals) -> Intervals:
    """Return what none of them holds."""
    edges = [LOWEST, *itertools.chain.from_iterable((i.low, i.high) for i in intervals), HIGHEST]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return tuple(Interval(low, high) for low, high in pairs if low < high)


def intersection(several: Sequence[Intervals]) -> Intervals:
    """Return what all of them hold."""
    return complement(union([complement(one) for one in several]))


def _reason(kind: str) -> str:
    reasons = {
        "Behavior": "it asks when an app was last used, which no order history knows",
        "Demographic": "it asks for a device or channel, which profiles do not have",
        "Location": "it asks where somebody is, which profiles do not have",
    }
    return reasons.get(kind, f"it has a kind of condition that is unknown here ({kind})")


def _column(name: str, columns: Mapping[str, str]) -> str:
    if name == _CLUSTER and name not in columns:
        raise UntranslatableError(
            f"{name} numbers the guidance's clusters again with each training: use Tessera's, "
            "which are ranked by value"
        )
    column = columns.get(name) or GUIDANCE.get(name) or _OURS.get(name)
    if column is None:
        raise UntranslatableError(
            f"{name!r} is unknown: give --column '{name}=COLUMN' if it is one of "
            f"{', '.join(_NUMBERED)}"
        )
    if column not in _NUMBERED:
        raise UntranslatableError(f"{column!r} is no column of numbers: {', '.join(_NUMBERED)}")
    return column


def _metric(condition: Mapping[str, Any], column: str, name: str) -> Intervals:
    step, value = STEP[column], _number(condition.get("Value"), name)
    above, below = _rounded(value, step, ROUND_CEILING), _rounded(value, step, ROUND_FLOOR)
    match condition.get("ComparisonOperator"):
        case "GREATER_THAN_OR_EQUAL":
            return (Interval(low=above),)
        case "LESS_THAN":
            return (Interval(high=above),)
        case "GREATER_THAN" if step:
            return (Interval(low=below + step),)
        case "LESS_THAN_OR_EQUAL" if step:
            return (Interval(high=below + step),)
        case "EQUAL" if step and above == below:
            return (Interval(above, above + step),)
    raise UntranslatableError(
        f"{name} {condition.get('ComparisonOperator')} {value} has no equal for {column}"
    )


def _attribute(name: str, condition: Mapping[str, Any], columns: Mapping[str, str]) -> Condition:
    if name not in columns and (name == _LABEL or name.startswith(set_attribute(""))):
        raise OwnLabelsError(name)
    column = _column(name, columns)
    kind, step = condition.get("AttributeType") or "INCLUSIVE", STEP[column]
    if kind not in ("INCLUSIVE", "EXCLUSIVE") or not step:
        raise UntranslatableError(f"{name} {kind} has no equal for {column}")
    numbers = [_number(value, name) for value in condition.get("Values") or ()]
    intervals = union([(Interval(number, number + step),) for number in numbers])
    return Condition(name, column, intervals if kind == "INCLUSIVE" else complement(intervals))


def _number(value: object, name: str) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not (number.is_finite() and abs(number) < _LARGEST):
        raise UntranslatableError(
            f"{name} is compared with {value!r}, no number that profiles have"
        )
    return number


def _rounded(value: Decimal, step: Decimal, how: str) -> Decimal:
    return (value / step).to_integral_value(how) * step if step else value
