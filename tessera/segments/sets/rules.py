"""Rules of a segment set: which label a value of a column has, exactly one each.

A rule is one of two kinds. *Ranges* cut numbers into half-open ranges that together hold every
number once. *Values* name a label for each text of a column. Neither speaks of empty cells: a set
has a separate label for them. Needs no NumPy.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from tessera.errors import InvalidInput
from tessera.records.scoring.sets import EdgeKind
from tessera.segments.toml_tables import listed, table_of, text_of

VALUE: Final = "value"
QUANTILE: Final = "quantile"

_KEYS = {"column", "by", "ranges", "values"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ranges:
    """Numbers cut at edges.

    Parameters
    ----------
    column
        The profile column that is cut.
    by
        ``value``: the edges are values, and a value equal to an edge counts as above it.
        ``quantile``: the edges are shares of the customers who have a value, from the lowest. A
        value equal to a quantile counts as below it, as with scores. So the top label never has
        more than its share, however many values are equal.
    edges
        Ascending, one fewer than labels.
    labels
        Positions in the set's labels, of the lowest range first.
    """

    column: str
    by: EdgeKind
    edges: tuple[Decimal, ...]
    labels: tuple[int, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Values:
    """Texts with a label each: ``labels`` holds positions in the set's labels by text."""

    column: str
    labels: Mapping[str, int]


Rule = Ranges | Values


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Range:
    label: str
    low: Decimal
    high: Decimal


def parse_rule(table: object, *, labels: Sequence[str], empty: str, where: str) -> Rule:
    """Return a rule from its TOML table, checked against the set's labels.

    Parameters
    ----------
    table
        ``column``, and either ``ranges`` and ``by`` or ``values``.
    labels
        The set's, without that of empty cells.
    empty
        The label of empty cells, which a text that says "unknown" may have too. Its position comes
        after those of ``labels``.
    where
        How to call the rule in a message.

    Raises
    ------
    InvalidInput
        The message names the set and rule, and the label, gap or overlap that is wrong.
    """
    known = table_of(table, _KEYS, where=where)
    column = text_of(known, "column", where=where)
    where = f"{where} over {column!r}"
    if ("ranges" in known) == ("values" in known):
        raise InvalidInput(f"{where} needs either ranges (numbers) or values (texts)")
    if "values" in known:
        if "by" in known:
            raise InvalidInput(f"{where}: by says how numbers are cut, values are texts")
        return Values(
            column=column, labels=_values(known["values"], labels=[*labels, empty], where=where)
        )
    by = known.get("by", VALUE)
    if by not in (VALUE, QUANTILE):
        raise InvalidInput(f"{where}: by is {by!r}, expected {VALUE!r} or {QUANTILE!r}")
    ranges = _ranges(known["ranges"], by=by, labels=labels, where=where)
    return Ranges(
        column=column,
        by=by,
        edges=tuple(one.low for one in ranges[1:]),
        labels=tuple(labels.index(one.label) for one in ranges),
    )


def _values(table: object, *, labels: Sequence[str], where: str) -> dict[str, int]:
    if not isinstance(table, Mapping) or not table:
        raise InvalidInput(f"{where}: values is {table!r}, expected a table of text = label")
    for value, label in table.items():
        if label not in labels:
            raise InvalidInput(
                f"{where}: {value!r} has the label {label!r}, expected one of {listed(labels)}"
            )
    return {value: labels.index(label) for value, label in table.items()}


def _ranges(table: object, *, by: str, labels: Sequence[str], where: str) -> list[_Range]:
    if not isinstance(table, Mapping) or not table:
        raise InvalidInput(f"{where}: ranges is {table!r}, expected a table of label = range")
    for label in table:
        if label not in labels:
            raise InvalidInput(
                f"{where}: a range has the label {label!r}, expected one of {listed(labels)}"
            )
    ranges = [_range(label, one, by=by, where=where) for label, one in table.items()]
    ranges.sort(key=lambda one: (one.low, one.high))
    _complete(ranges, where=where)
    return ranges


def _range(label: str, table: object, *, by: str, where: str) -> _Range:
    inside = f"{where}, label {label!r}"
    known = table_of(table, {"from", "below"}, where=inside)
    low, high = (_limit(known, key, by=by, where=inside) for key in ("from", "below"))
    one = _Range(
        label=label,
        low=Decimal("-Infinity") if low is None else low,
        high=Decimal("Infinity") if high is None else high,
    )
    if one.low >= one.high:
        raise InvalidInput(f"{inside} holds nothing: from {low} is not less than below {high}")
    return one


def _limit(table: Mapping[str, Any], key: str, *, by: str, where: str) -> Decimal | None:
    if key not in table:
        return None
    value = table[key]
    expected = "a share between 0 and 1" if by == QUANTILE else "a number"
    try:
        number = Decimal("NaN") if isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not math.isfinite(float(number)):
        raise InvalidInput(f"{where}: {key} is {value!r}, expected {expected}")
    if by == QUANTILE and not 0 < number < 1:
        raise InvalidInput(f"{where}: {key} is {value!r}, expected {expected}, neither 0 nor 1")
    return number


def _complete(ranges: Sequence[_Range], *, where: str) -> None:
    """Refuse a gap or an overlap. Ranges come sorted."""
    first, last = ranges[0], ranges[-1]
    if first.low.is_finite():
        raise InvalidInput(
            f"{where} gives no label below {first.low}, where {first.label!r} begins"
        )
    for one, after in itertools.pairwise(ranges):
        if after.low < one.high:
            raise InvalidInput(
                f"{where} gives two labels, {one.label!r} and {after.label!r}, "
                f"{_between(after.low, min(one.high, after.high))}"
            )
        if after.low > one.high:
            raise InvalidInput(
                f"{where} gives no label from {one.high}, where {one.label!r} ends, "
                f"to {after.low}, where {after.label!r} begins"
            )
    if last.high.is_finite():
        raise InvalidInput(f"{where} gives no label from {last.high} on, where {last.label!r} ends")


def _between(low: Decimal, high: Decimal) -> str:
    if not low.is_finite() and not high.is_finite():
        return "to every number"
    if not low.is_finite():
        return f"below {high}"
    return f"from {low} to {high}" if high.is_finite() else f"from {low} on"
