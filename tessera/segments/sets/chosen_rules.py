"""The rule by which each set over columns labels customers: the first whose column has a value.

What a rule needs to know of all customers is fixed here, so that they can be labelled in blocks.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

import numpy as np
import numpy.typing as npt

from tessera.customers.order_statistics import OrderStatistics
from tessera.errors import InvalidInput
from tessera.records.scoring.sets import SetRecord
from tessera.segments.sets.catalog import SegmentSets
from tessera.segments.sets.definition import SegmentSet
from tessera.segments.sets.masks import Column, Columns, Mask, has_value
from tessera.segments.sets.rules import QUANTILE, Ranges, Rule, Values
from tessera.segments.toml_tables import listed

_Floats = npt.NDArray[np.float64]


class Pile(Protocol):
    """Takes numbers, and gives them back."""

    def append(self, values: _Floats, /) -> None:
        """Add some."""
        ...

    def blocks(self) -> Iterable[_Floats]:
        """Yield all of them, some after the others."""
        ...


class InMemory:
    """A pile in memory."""

    def __init__(self) -> None:
        self._parts: list[_Floats] = []

    def append(self, values: _Floats, /) -> None:
        """Add some numbers."""
        self._parts.append(values)

    def blocks(self) -> Iterable[_Floats]:
        """Return all of them, some after the others."""
        return self._parts


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChosenRule:
    """The rule by which a set over columns labels everybody.

    Parameters
    ----------
    rule
        The first of the set's whose column has a value.
    edges
        See ``SetLabels``.
    """

    rule: Rule
    edges: tuple[float, ...] = ()


def chosen_rules(
    blocks: Iterable[Columns],
    sets: SegmentSets,
    *,
    frozen: Mapping[str, SetRecord] | None = None,
    pile: Callable[[], Pile] = InMemory,
) -> dict[str, ChosenRule]:
    """Return each simple set's rule. A set without one is missing: no column has a value.

    Parameters
    ----------
    blocks
        Profile columns by name, of some customers after the others.
    frozen
        By set, what an earlier run recorded (see ``set_records``): its edges stand in for
        quantiles of the same column.
    pile
        Returns an empty place for the numbers whose quantiles are wanted. By default in memory.

    Raises
    ------
    InvalidInput
        A set's column is missing or no numbers.
    """
    choices = [_Choice(one, (frozen or {}).get(one.name), pile) for one in sets.simple]
    for columns in blocks:
        for choice in choices:
            choice.see(columns)
    return {each.name: each.rule() for each in choices if each.made}


def column_of(columns: Columns, rule: Rule, *, name: str) -> tuple[Column, Mask]:
    """Return the column that a rule reads, and where it has a value."""
    if rule.column not in columns:
        raise InvalidInput(
            f"segment set {name!r} reads the column {rule.column!r}, which profiles don't have: "
            f"expected one of {listed(sorted(columns))}"
        )
    column = columns[rule.column]
    number = column.dtype.kind in "iufb"
    if number == isinstance(rule, Values):
        raise InvalidInput(
            f"segment set {name!r} reads the column {rule.column!r} by "
            f"{'values' if number else 'ranges'}, but it holds {'numbers' if number else 'texts'}"
        )
    return column, has_value(column)


class _Choice:
    """A set's rule, once all customers were seen.

    Parameters
    ----------
    one
        The set.
    earlier
        What an earlier run recorded of it.
    pile
        See ``chosen_rules``.
    """

    def __init__(
        self, one: SegmentSet, earlier: SetRecord | None, pile: Callable[[], Pile]
    ) -> None:
        self.name = one.name
        self._rules, self._earlier, self._pile = one.rules, earlier, pile
        self._place = len(one.rules)
        self._values: Pile = InMemory()

    @property
    def made(self) -> bool:
        """Whether a column has a value."""
        return self._place < len(self._rules)

    def see(self, columns: Columns) -> None:
        """Look at some customers."""
        for place, rule in enumerate(self._rules[: self._place + 1]):
            column, known = column_of(columns, rule, name=self.name)
            if known.any():
                if place < self._place:
                    self._place, self._values = place, self._pile()
                if self._edges(rule) is None:
                    self._values.append(column[known].astype(np.float64))
                break

    def rule(self) -> ChosenRule:
        """Return the rule."""
        rule = self._rules[self._place]
        edges = self._edges(rule)
        if edges is None:
            assert isinstance(rule, Ranges)  # noqa: S101 (others have edges)
            edges = _quantiles(OrderStatistics(self._values.blocks), rule.edges)
        return ChosenRule(rule=rule, edges=edges)

    def _edges(self, rule: Rule) -> tuple[float, ...] | None:
        """Return the edges that depend on no customer. None for quantiles."""
        if isinstance(rule, Values):
            return ()
        if rule.by != QUANTILE:
            return tuple(float(edge) for edge in rule.edges)
        earlier = self._earlier
        if earlier is None or (earlier.column, earlier.by) != (rule.column, QUANTILE):
            return None
        return earlier.edges if len(earlier.edges) == len(rule.edges) else None


def _quantiles(values: OrderStatistics, shares: Sequence[Decimal]) -> tuple[float, ...]:
    """Return the values that the type-7 quantiles fall to.

    A quantile between two neighbours parts the customers where the lower neighbour does, so the
    lower one stands for it: exact, and a value that somebody has.
    """
    ranks = [int((len(values) - 1) * Fraction(share)) for share in shares]
    return tuple(values.at(ranks))
