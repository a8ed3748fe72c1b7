"""Segment sets: beside the RFM segments, one more label a customer in each set.

A set is TOML, ours in ``presets/sets/`` or the user's own in the same form (docs/segments.md). It
cuts a profile column with a rule. When the column is empty for everybody, as a withheld model's
is, the next rule takes over for everybody, so that a label means the same for all customers of a
run. Customers without a value have a separate label. Needs no NumPy.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tessera.errors import InvalidInput
from tessera.segments.sets.rules import VALUE, Ranges, Rule, parse_rule
from tessera.segments.toml_tables import listed, table_of, tables_of, text_of

_KEYS = {"name", "meaning", "prefix", "label", "rule", "numbered", "empty"}
LABEL_KEYS = {"label", "meaning", "action"}
_NUMBERED_KEYS = {"column", "first", "last", "meaning", "action"}
_MOST_NUMBERS = 100


@dataclasses.dataclass(frozen=True, kw_only=True)
class SetLabel:
    """A label, what it means to a marketer, and what to do about it."""

    label: str
    meaning: str
    action: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class SegmentSet:
    """A complete and disjoint set of labels over a profile column.

    Parameters
    ----------
    name
        The set's name, such as ``value_tier``.
    prefix
        What stands before each label in a segment's name: ``Value`` makes ``_RFM_Value_High``.
    labels
        In the order to show them.
    empty
        The label of customers without a value.
    rules
        The first whose column has any value labels everybody.
    numbered
        Whether the labels are numbers of which only some are in use, as with clusters: only
        those that somebody has need a segment at a destination.
    """

    name: str
    meaning: str
    prefix: str
    labels: tuple[SetLabel, ...]
    empty: SetLabel
    rules: tuple[Rule, ...]
    numbered: bool = False

    @property
    def everyone(self) -> tuple[SetLabel, ...]:
        """All labels a customer can have: the set's, then that of empty values."""
        return (*self.labels, self.empty)

    @property
    def segment_labels(self) -> tuple[str, ...]:
        """The labels of ``everyone`` as segments have them: ``Value High``."""
        return tuple(segment_label(self.prefix, one.label) for one in self.everyone)

    @property
    def columns(self) -> tuple[str, ...]:
        """The profile columns that the rules read, the preferred one first."""
        return tuple(rule.column for rule in self.rules)


def segment_label(prefix: str, label: str) -> str:
    """Return a label with its set's prefix: what ``naming.segment_name`` makes a name of."""
    return f"{prefix} {label}"


def parse_set(document: Mapping[str, Any]) -> SegmentSet:
    """Return a set from its TOML document, checked.

    Raises
    ------
    InvalidInput
        A key is unknown, a text is missing, a label is used twice or by no rule, or a rule has a
        gap or an overlap. The message names the set and the label.
    """
    where, head = parse_head(document, keys=_KEYS)
    empty = parse_label(document.get("empty"), where=f"{where}, empty")
    if "numbered" in document:
        if "label" in document or "rule" in document:
            raise InvalidInput(f"{where} is numbered: it can have no labels or rules beside that")
        labels, rules = _numbered(document["numbered"], where=f"{where}, numbered")
        check_labels([*labels, empty], where=where)
    else:
        labels = parse_labels(document, where=where)
        check_labels([*labels, empty], where=where)
        names = [one.label for one in labels]
        rules = _rules(document, labels=names, empty=empty.label, where=where)
    return SegmentSet(
        **head, labels=labels, empty=empty, rules=rules, numbered="numbered" in document
    )


def parse_head(document: Mapping[str, Any], *, keys: set[str]) -> tuple[str, dict[str, str]]:
    """Return what every kind of set begins with: how to call it in a message, and its texts."""
    name = text_of(document, "name", where="the segment set")
    where = f"segment set {name!r}"
    table_of(document, keys, where=where)
    if not (name.isascii() and name.isidentifier() and name == name.lower() and len(name) <= 48):
        raise InvalidInput(
            f"{where}: the name must be lower-case letters, digits and underscores, at most 48, "
            "because a column gets this name"
        )
    texts = {key: text_of(document, key, where=where) for key in ("meaning", "prefix")}
    return where, {"name": name, **texts}


def parse_labels(document: Mapping[str, Any], *, where: str) -> tuple[SetLabel, ...]:
    """Return the ``[[label]]`` tables of a set."""
    return tuple(
        parse_label(table, where=f"{where}, label {_called(table)}")
        for table in tables_of(document, "label", where=where)
    )


def parse_label(table: object, *, where: str) -> SetLabel:
    """Return one label with its texts."""
    known = table_of(table, LABEL_KEYS, where=where)
    return SetLabel(**{key: text_of(known, key, where=where) for key in sorted(LABEL_KEYS)})


def check_labels(labels: Sequence[SetLabel], *, where: str) -> None:
    """Refuse a label that a set has twice."""
    names = [one.label for one in labels]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InvalidInput(f"{where} has the label {twice!r} twice")


def _called(table: object) -> str:
    return repr(table.get("label") if isinstance(table, Mapping) else table)


def _rules(
    document: Mapping[str, Any], *, labels: Sequence[str], empty: str, where: str
) -> tuple[Rule, ...]:
    tables = tables_of(document, "rule", where=where)
    rules = tuple(
        parse_rule(table, labels=labels, empty=empty, where=f"{where}, rule {place}")
        for place, table in enumerate(tables, start=1)
    )
    used = {label for rule in rules for label in _used(rule)}
    unused = [label for place, label in enumerate(labels) if place not in used]
    if unused:
        raise InvalidInput(f"{where}: no rule gives the label {listed(unused)}, remove it")
    return rules


def _used(rule: Rule) -> Sequence[int]:
    return rule.labels if isinstance(rule, Ranges) else tuple(rule.labels.values())


def _numbered(table: object, *, where: str) -> tuple[tuple[SetLabel, ...], tuple[Rule, ...]]:
    """Return a label for each whole number, and the rule that gives them."""
    known = table_of(table, _NUMBERED_KEYS, where=where)
    first, last = (known.get(key) for key in ("first", "last"))
    if type(first) is not int or type(last) is not int or not 0 < last - first < _MOST_NUMBERS:
        raise InvalidInput(
            f"{where} goes from {first!r} to {last!r}: expected two whole numbers, at most "
            f"{_MOST_NUMBERS} in all"
        )
    texts = {key: text_of(known, key, where=where) for key in ("meaning", "action")}
    numbers = range(first, last + 1)
    rule = Ranges(
        column=text_of(known, "column", where=where),
        by=VALUE,
        edges=tuple(Decimal(number) for number in numbers[1:]),
        labels=tuple(range(len(numbers))),
    )
    return tuple(SetLabel(label=str(number), **texts) for number in numbers), (rule,)
