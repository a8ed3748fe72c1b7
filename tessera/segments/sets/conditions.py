"""Conditions over profile columns, with groups of *and* and *or*.

A condition is a TOML table: ``{ column = "monetary", from = 500, below = 900 }`` for numbers and
days, ``{ column = "segment", in = ["Loyal"] }`` or ``not_in`` for texts. ``{ all = […] }`` holds
where each of its conditions does, and ``{ any = […] }`` where one does. A customer whose cell is
empty meets no condition over it. Needs no NumPy.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

from tessera.contracts.tables import SET_COLUMNS
from tessera.errors import InvalidInput
from tessera.segments.toml_tables import listed, table_of, text_of

SEGMENT = "segment"
DAYS = ("first_purchase_at", "last_purchase_at")
TEXTS = ("gap_state", SEGMENT)
NUMBERS = tuple(name for name in SET_COLUMNS if name not in TEXTS)
_EPOCH = dt.date(1970, 1, 1)
_MOST_CONDITIONS = 50
_DEEPEST = 4
_KEYS = {"column", "from", "below", "in", "not_in"}


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
class TextCondition:
    """Texts that are among some, or that are not.

    Parameters
    ----------
    column
        What is compared.
    texts
        The texts.
    among
        Whether the cell must be one of them, or none of them.
    """

    column: str
    texts: tuple[str, ...]
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


Condition = NumberCondition | TextCondition | ConditionGroup


def parse_condition(table: object, *, where: str) -> Condition:
    """Return a condition from its TOML table, checked.

    Raises
    ------
    InvalidInput
        A key, a column or a value is wrong, or there are too many conditions. The message names
        the place.
    """
    condition = _parse(table, where=where, depth=1)
    count = sum(1 for _ in _leaves(condition))
    if count > _MOST_CONDITIONS:
        raise InvalidInput(f"{where} has {count} conditions: at most {_MOST_CONDITIONS} are read")
    return condition


def columns_of(condition: Condition) -> tuple[str, ...]:
    """Return the columns that a condition reads, each once."""
    return tuple(dict.fromkeys(leaf.column for leaf in _leaves(condition)))


def _leaves(condition: Condition) -> list[NumberCondition | TextCondition]:
    if isinstance(condition, ConditionGroup):
        return [leaf for part in condition.parts for leaf in _leaves(part)]
    return [condition]


def _parse(table: object, *, where: str, depth: int) -> Condition:
    if isinstance(table, Mapping) and ("all" in table or "any" in table):
        return _group(table, where=where, depth=depth)
    known = table_of(table, _KEYS, where=where)
    column = text_of(known, "column", where=where)
    where = f"{where} over {column!r}"
    if column in TEXTS:
        return _listed(known, column=column, where=where)
    if column in NUMBERS or column in DAYS:
        return _bounds(known, column=column, where=where)
    expected = listed(sorted((*NUMBERS, *DAYS, *TEXTS)))
    raise InvalidInput(f"{where}: no condition can read this column, expected one of {expected}")


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


def _listed(table: Mapping[str, Any], *, column: str, where: str) -> TextCondition:
    keys = [key for key in ("in", "not_in") if key in table]
    if len(keys) != 1 or set(table) != {"column", *keys}:
        raise InvalidInput(f"{where} holds texts: expected either in or not_in, a list of texts")
    texts = table[keys[0]]
    is_list = isinstance(texts, (list, tuple)) and texts
    if not is_list or not all(isinstance(text, str) for text in texts):
        raise InvalidInput(f"{where}: {keys[0]} is {texts!r}, expected a list of texts")
    return TextCondition(column=column, texts=tuple(texts), among=keys[0] == "in")


def _bounds(table: Mapping[str, Any], *, column: str, where: str) -> NumberCondition:
    if {"in", "not_in"} & set(table) or not {"from", "below"} & set(table):
        raise InvalidInput(
            f"{where}: expected from (this and more), below (less than this) or both"
        )
    read = _day if column in DAYS else _number
    low, below = (
        read(table[key], where=f"{where}, {key}") if key in table else None
        for key in ("from", "below")
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
