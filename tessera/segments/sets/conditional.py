"""Conditional sets: each label has a condition, and the first one that holds gives the label.

TOML as a set's, with ``when`` in each label in place of rules. ``otherwise`` is the label of
everybody else, so that every customer has exactly one. Needs no NumPy.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from tessera.segments.sets.conditions import (
    Condition,
    Leaf,
    columns_of,
    leaves,
    parse_condition,
    sets_of,
)
from tessera.segments.sets.definition import (
    LABEL_KEYS,
    SetLabel,
    check_labels,
    parse_head,
    parse_label,
    segment_label,
)
from tessera.segments.toml_tables import table_of, tables_of

_KEYS = {"name", "meaning", "prefix", "label", "otherwise"}
_WHEN = "when"


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConditionalSet:
    """A complete and disjoint set of labels over any columns.

    Parameters
    ----------
    name, meaning, prefix
        As of any set.
    labels
        Those with a condition, in order.
    conditions
        One for each of them.
    otherwise
        The label of everybody else.
    """

    name: str
    meaning: str
    prefix: str
    labels: tuple[SetLabel, ...]
    conditions: tuple[Condition, ...]
    otherwise: SetLabel

    @property
    def everyone(self) -> tuple[SetLabel, ...]:
        """All labels that a customer can have, in the order to show them."""
        return (*self.labels, self.otherwise)

    @property
    def segment_labels(self) -> tuple[str, ...]:
        """The labels of ``everyone`` as segments have them."""
        return tuple(segment_label(self.prefix, one.label) for one in self.everyone)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the conditions read."""
        read = (column for one in self.conditions for column in columns_of(one))
        return tuple(dict.fromkeys(read))

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """The conditions of all labels, without their groups."""
        return tuple(leaf for one in self.conditions for leaf in leaves(one))

    @property
    def reads(self) -> tuple[str, ...]:
        """The sets whose labels the conditions read, each once."""
        return tuple(dict.fromkeys(name for one in self.conditions for name in sets_of(one)))


def is_conditional(document: Mapping[str, Any]) -> bool:
    """Return whether a set's TOML document gives labels by conditions."""
    labels = document.get("label")
    return isinstance(labels, (list, tuple)) and any(
        isinstance(one, Mapping) and _WHEN in one for one in labels
    )


def parse_conditional(document: Mapping[str, Any]) -> ConditionalSet:
    """Return a conditional set from its TOML document, checked.

    Raises
    ------
    InvalidInput
        A key is unknown, a text is missing, a label is used twice, or a condition is wrong. The
        message names the set and the label.
    """
    where, head = parse_head(document, keys=_KEYS)
    labels, conditions = [], []
    for table in tables_of(document, "label", where=where):
        called = table.get("label") if isinstance(table, Mapping) else table
        inside = f"{where}, label {called!r}"
        known = table_of(table, {*LABEL_KEYS, _WHEN}, where=inside)
        labels.append(parse_label({key: known.get(key) for key in LABEL_KEYS}, where=inside))
        conditions.append(parse_condition(known.get(_WHEN), where=f"{inside}, when"))
    otherwise = parse_label(document.get("otherwise"), where=f"{where}, otherwise")
    check_labels([*labels, otherwise], where=where)
    return ConditionalSet(
        **head, labels=tuple(labels), conditions=tuple(conditions), otherwise=otherwise
    )
