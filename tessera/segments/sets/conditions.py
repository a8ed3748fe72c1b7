"""Conditions over profile columns, with groups of *and* and *or*.

A condition is a TOML table: ``{ column = "monetary", from = 500, below = 900 }`` for numbers and
days, ``{ column = "segment", in = ["Loyal"] }`` or ``not_in`` for texts and numbers,
``{ set = "value_tier", in = ["High"] }`` for the labels of another set. ``{ all = […] }`` holds
where each of its conditions does, and ``{ any = […] }`` where one does. A customer whose cell is
empty meets no condition over it. Needs no NumPy.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tessera.contracts.tables import PROFILES, SET_COLUMNS
from tessera.errors import InvalidInput
from tessera.segments.toml_tables import listed, table_of, text_of

SEGMENT = "segment"
SCORES = "rfm_score"
GAP_STATES = ("active", "at_risk", "lapsed", "unknown")
TEXTS = ("gap_state", SEGMENT, SCORES)
DAYS = tuple(
    column.name
    for column in PROFILES.columns
    if column.type in ("timestamp", "date") and column.name != "as_of"
)
NUMBERS = tuple(name for name in SET_COLUMNS if name not in TEXTS)
_EPOCH = dt.date(1970, 1, 1)
_MOST_CONDITIONS = 50
_DEEPEST = 4
_LIMITS, _LISTS = ("from", "below"), ("in", "not_in")
_THREE_SCORES = re.compile("[1-9]{3}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class NumberCondition:
    """Numbers from one limit on and below another. A day counts in days since 1970.

    Parameters
    ----------
    column
        What is compared.
    low, below
        The limits. None stands for no limit, and one of them is given.
    """

    column: str
    low: float | None
    below: float | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ListCondition:
    """Values that are among some, or that are not.

    Parameters
    ----------
    column
        What is compared.
    values
        The texts or the numbers. The three scores of a customer count as a number, such as 555.
    among
        Whether the cell must be one of them, or none of them.
    """

    column: str
    values: tuple[str, ...] | tuple[float, ...]
    among: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class LabelCondition:
    """Labels of another set that are among some, or that are not.

    Parameters
    ----------
    set
        The other set's name.
    labels
        Its labels.
    among
        Whether the customer must have one of them, or none of them.
    """

    set: str
    labels: tuple[str, ...]
    among: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConditionGroup:
    """Several conditions, of which each must hold, or one.

    Parameters
    ----------
    every
        Whether each must hold.
    parts
        The conditions.
    """

    every: bool
    parts: tuple[Condition, ...]


ColumnCondition = NumberCondition | ListCondition
Leaf = ColumnCondition | LabelCondition
Condition = Leaf | ConditionGroup


def parse_condition(table: object, *, where: str) -> Condition:
    """Return a condition from its TOML table, checked.

    Raises
    ------
    InvalidInput
        A key, a column or a value is wrong, or there are too many conditions. The message names
        the place.
    """
    condition = _parse(table, where=where, depth=1)
    count = sum(1 for _ in leaves(condition))
    if count > _MOST_CONDITIONS:
        raise InvalidInput(f"{where} has {count} conditions: at most {_MOST_CONDITIONS} are read")
    return condition


def columns_of(condition: Condition) -> tuple[str, ...]:
    """Return the columns that a condition reads, each once."""
    read = (leaf.column for leaf in leaves(condition) if not isinstance(leaf, LabelCondition))
    return tuple(dict.fromkeys(read))


def sets_of(condition: Condition) -> tuple[str, ...]:
    """Return the other sets that a condition reads, each once."""
    read = (leaf.set for leaf in leaves(condition) if isinstance(leaf, LabelCondition))
    return tuple(dict.fromkeys(read))


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Yield the conditions inside all groups."""
    if isinstance(condition, ConditionGroup):
        for part in condition.parts:
            yield from leaves(part)
    else:
        yield condition


def _parse(table: object, *, where: str, depth: int) -> Condition:
    if isinstance(table, Mapping) and ("all" in table or "any" in table):
        return _group(table, where=where, depth=depth)
    if isinstance(table, Mapping) and "set" in table:
        return _labels(table_of(table, {"set", *_LISTS}, where=where), where=where)
    known = table_of(table, {"column", *_LIMITS, *_LISTS}, where=where)
    column = text_of(known, "column", where=where)
    where = f"{where} over {column!r}"
    if column in TEXTS:
        return _texts(known, column=column, where=where)
    if column in NUMBERS and set(_LISTS) & set(known):
        return _numbers(known, column=column, where=where)
    if column in NUMBERS or column in DAYS:
        return _bounds(known, column=column, where=where)
    expected = listed(sorted((*NUMBERS, *DAYS, *TEXTS)))
    raise InvalidInput(
        f"{where}: no condition can read this column, expected one of {expected}, or the name of "
        "a set under the key set instead of column"
    )


def _group(table: Mapping[str, Any], *, where: str, depth: int) -> ConditionGroup:
    if len(table) != 1:
        raise InvalidInput(f"{where}: all or any stands alone in its table, beside no other key")
    if depth > _DEEPEST:
        raise InvalidInput(f"{where}: groups are nested more than {_DEEPEST} deep")
    ((kind, parts),) = table.items()
    if not isinstance(parts, (list, tuple)) or not parts:
        raise InvalidInput(f"{where}: {kind} is {parts!r}, expected a list of conditions")
    return ConditionGroup(
        every=kind == "all",
        parts=tuple(
            _parse(part, where=f"{where}, {kind} {place}", depth=depth + 1)
            for place, part in enumerate(parts, start=1)
        ),
    )


def _labels(table: Mapping[str, Any], *, where: str) -> LabelCondition:
    name = text_of(table, "set", where=where)
    key, labels = _list(table, kind=str, where=f"{where} over the set {name!r}")
    return LabelCondition(set=name, labels=labels, among=key == "in")


def _texts(table: Mapping[str, Any], *, column: str, where: str) -> ListCondition:
    key, texts = _list(table, kind=str, where=where)
    if column == SCORES:
        wrong = next((text for text in texts if not _THREE_SCORES.fullmatch(text)), None)
        if wrong is not None:
            raise InvalidInput(f"{where}: {wrong!r} is no three scores, such as '555'")
        return ListCondition(column=column, values=tuple(map(float, texts)), among=key == "in")
    if column != SEGMENT:
        check_known(texts, known=GAP_STATES, where=where)
    return ListCondition(column=column, values=texts, among=key == "in")


def check_known(texts: tuple[str, ...], *, known: tuple[str, ...], where: str) -> None:
    """Refuse a text that no customer could ever have."""
    wrong = next((text for text in texts if text not in known), None)
    if wrong is not None:
        raise InvalidInput(f"{where}: {wrong!r} is unknown, expected one of {listed(known)}")


def _numbers(table: Mapping[str, Any], *, column: str, where: str) -> ListCondition:
    key, numbers = _list(table, kind=(int, float), where=where)
    read = tuple(_number(one, where=f"{where}, {key}") for one in numbers)
    return ListCondition(column=column, values=read, among=key == "in")


def _list(
    table: Mapping[str, Any], *, kind: type | tuple[type, ...], where: str
) -> tuple[str, tuple[Any, ...]]:
    """Return the key of the one list that a condition has, and its values."""
    keys = [key for key in _LISTS if key in table]
    what = "texts" if kind is str else "numbers"
    if len(keys) != 1 or set(_LIMITS) & set(table):
        raise InvalidInput(f"{where}: expected either in or not_in, a list of {what}")
    values = table[keys[0]]
    is_list = isinstance(values, (list, tuple)) and values
    if not is_list or not all(isinstance(value, kind) for value in values):
        raise InvalidInput(f"{where}: {keys[0]} is {values!r}, expected a list of {what}")
    return keys[0], tuple(values)


def _bounds(table: Mapping[str, Any], *, column: str, where: str) -> NumberCondition:
    if set(_LISTS) & set(table) or not set(_LIMITS) & set(table):
        raise InvalidInput(
            f"{where}: expected from (this and more), below (less than this) or both"
        )
    read = _day if column in DAYS else _number
    low, below = (
        read(table[key], where=f"{where}, {key}") if key in table else None for key in _LIMITS
    )
    if low is not None and below is not None and low >= below:
        raise InvalidInput(f"{where}: nothing is from {table['from']} and below {table['below']}")
    return NumberCondition(column=column, low=low, below=below)


def _number(value: object, *, where: str) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    raise InvalidInput(f"{where} is {value!r}: expected a number")


def _day(value: object, *, where: str) -> float:
    try:
        return float((dt.date.fromisoformat(str(value)) - _EPOCH).days)
    except ValueError as error:
        raise InvalidInput(
            f"{where} is {value!r}: expected a day as text, such as '2026-06-30'"
        ) from error
