"""Where conditions hold, vectorised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tessera.customers.money import Ints
from tessera.errors import InvalidInput
from tessera.segments.sets.conditions import (
    Condition,
    ConditionGroup,
    NumberCondition,
    TextCondition,
)

Column = npt.NDArray[Any]  # numbers with NaN for empty, or texts (dtype object) with None for empty
Columns = Mapping[str, Column]
Mask = npt.NDArray[np.bool_]


def first_that_holds(
    conditions: Sequence[Condition], columns: Columns, *, customers: int, name: str
) -> Ints:
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

    Returns
    -------
    shape (n,)
        ``len(conditions)`` where none holds.

    Raises
    ------
    InvalidInput
        A column is missing.
    """
    codes = np.full(customers, len(conditions), np.int64)
    for place in reversed(range(len(conditions))):
        codes[_holds(conditions[place], columns, name=name)] = place
    return codes


def _holds(condition: Condition, columns: Columns, *, name: str) -> Mask:
    if isinstance(condition, ConditionGroup):
        parts = [_holds(part, columns, name=name) for part in condition.parts]
        joined: Mask = (np.logical_and if condition.every else np.logical_or).reduce(parts)
        return joined
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
    holds = ~np.isnan(column)
    if bounds.low is not None:
        holds &= column >= bounds.low
    if bounds.below is not None:
        holds &= column < bounds.below
    return holds


def _among(column: Column, listed: TextCondition) -> Mask:
    holds: Mask = np.zeros(len(column), np.bool_)
    for text in listed.texts:
        holds |= column == text
    return holds if listed.among else ~holds & (column != np.array(None))
