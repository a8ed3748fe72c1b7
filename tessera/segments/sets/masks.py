"""Where conditions hold, vectorised."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from tessera.errors import InvalidInput
from tessera.segments.assignment import Codes
from tessera.segments.sets.conditions import (
    ColumnCondition,
    Condition,
    ConditionGroup,
    LabelCondition,
    ListCondition,
    NumberCondition,
)

Column = npt.NDArray[Any]  # numbers with NaN for empty, or texts (dtype object) with None for empty
Columns = Mapping[str, Column]
Mask = npt.NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Labelled:
    """Everybody's label in a set.

    Parameters
    ----------
    labels
        The set's, in order.
    codes
        Shape (n,): the position of each customer's.
    """

    labels: Sequence[str]
    codes: Codes


def first_that_holds(
    conditions: Sequence[Condition],
    columns: Columns,
    *,
    customers: int,
    name: str,
    sets: Mapping[str, Labelled] = MappingProxyType({}),
) -> Codes:
    """Return the position of each customer's first condition that holds.

    Parameters
    ----------
    conditions
        In order.
    columns
        By name, shape (n,) each.
    customers
        How many there are.
    name
        The set's, for a message.
    sets
        The sets whose labels the conditions read, by name.

    Returns
    -------
    shape (n,)
        ``len(conditions)`` where none holds.

    Raises
    ------
    InvalidInput
        A column is missing.
    """
    codes = np.full(customers, len(conditions), np.int16)
    for place in reversed(range(len(conditions))):
        codes[_holds(conditions[place], columns, sets=sets, name=name)] = place
    return codes


def has_value(column: Column) -> Mask:
    """Return where a column has a value."""
    if column.dtype.kind in "iufb":
        return ~np.isnan(column)
    known: Mask = column.astype(object) != np.array(None)
    return known


def _holds(
    condition: Condition, columns: Columns, *, sets: Mapping[str, Labelled], name: str
) -> Mask:
    if isinstance(condition, ConditionGroup):
        parts = [_holds(part, columns, sets=sets, name=name) for part in condition.parts]
        joined: Mask = (np.logical_and if condition.every else np.logical_or).reduce(parts)
        return joined
    if isinstance(condition, LabelCondition):
        return _has_label(sets[condition.set], condition)
    return _meets(condition, columns, name=name)


def _has_label(labelled: Labelled, condition: LabelCondition) -> Mask:
    chosen = np.array([label in condition.labels for label in labelled.labels])
    holds: Mask = (chosen == condition.among)[labelled.codes]
    return holds


def _meets(condition: ColumnCondition, columns: Columns, *, name: str) -> Mask:
    if condition.column not in columns:
        raise InvalidInput(
            f"segment set {name!r} reads the column {condition.column!r}, which this run lacks"
        )
    column = columns[condition.column]
    return (
        _within(column, condition)
        if isinstance(condition, NumberCondition)
        else _among(column, condition)
    )


def _within(column: Column, bounds: NumberCondition) -> Mask:
    # An empty cell is NaN, which is in no bounds.
    holds = has_value(column)
    if bounds.low is not None:
        holds &= column >= bounds.low
    if bounds.below is not None:
        holds &= column < bounds.below
    return holds


def _among(column: Column, listed: ListCondition) -> Mask:
    holds: Mask = np.zeros(len(column), np.bool_)
    for value in listed.values:
        holds |= column == value
    return holds if listed.among else ~holds & has_value(column)
