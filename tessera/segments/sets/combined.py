"""Combined sets: a label for each pair of two sets' labels, such as high value × high churn risk.

TOML as a set's, with pairs in place of rules. ``otherwise`` takes the pairs that no label names.
Needs no NumPy.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from tessera.errors import InvalidInput
from tessera.segments.sets.definition import (
    SetLabel,
    check_labels,
    parse_head,
    parse_label,
    segment_label,
)
from tessera.segments.toml_tables import listed, table_of, tables_of

ANY = "*"

_KEYS = {"name", "meaning", "prefix", "of", "label", "otherwise"}
_LISTED_PAIRS = 12

Pair = tuple[str, str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class CombinedSet:
    """A complete and disjoint set of labels over the labels of two others.

    Parameters
    ----------
    of
        The names of the two sets. ``rfm`` is the segment definition's.
    everyone
        All labels, in the order to show them.
    table
        The position in ``everyone`` of each pair: by label of the first set, then of the second,
        both in their own order.
    """

    name: str
    meaning: str
    prefix: str
    of: Pair
    everyone: tuple[SetLabel, ...]
    table: tuple[tuple[int, ...], ...]

    @property
    def segment_labels(self) -> tuple[str, ...]:
        """The labels of ``everyone`` as segments have them: ``Save Now``, with the prefix."""
        return tuple(segment_label(self.prefix, one.label) for one in self.everyone)

    @property
    def reads(self) -> Pair:
        """The sets whose labels it reads."""
        return self.of


def is_combined(document: Mapping[str, Any]) -> bool:
    """Return whether a set's TOML document describes a combined one."""
    return "of" in document


def parse_combined(
    document: Mapping[str, Any], *, labels: Mapping[str, Sequence[str]]
) -> CombinedSet:
    """Return a combined set from its TOML document, checked.

    Parameters
    ----------
    document
        ``of`` names two sets. Each ``[[label]]`` has ``pairs``, where ``*`` is any label.
    labels
        All labels of each set that may be combined, by the set's name.

    Raises
    ------
    InvalidInput
        A set or label is unknown, or a pair has two labels or none. The message lists the pairs.
    """
    where, head = parse_head(document, keys=_KEYS)
    of = _sets(document.get("of"), known=labels, where=where)
    sides = (labels[of[0]], labels[of[1]])
    parsed, owners = [], dict[Pair, int]()
    for place, table in enumerate(tables_of(document, "label", where=where)):
        label, pairs = _label(table, sides=sides, of=of, where=where)
        parsed.append(label)
        check_labels(parsed, where=where)
        for pair in pairs:
            if owners.setdefault(pair, place) != place:
                other = parsed[owners[pair]].label
                raise InvalidInput(
                    f"{where} gives two labels, {other!r} and {label.label!r}, to {_pair(pair)}"
                )
    rest = [pair for pair in itertools.product(*sides) if pair not in owners]
    if otherwise := _otherwise(document, rest=rest, where=where):
        parsed.append(otherwise)
        owners |= dict.fromkeys(rest, len(parsed) - 1)
    check_labels(parsed, where=where)
    table = tuple(tuple(owners[left, right] for right in sides[1]) for left in sides[0])
    return CombinedSet(**head, of=of, everyone=tuple(parsed), table=table)


def _sets(of: object, *, known: Mapping[str, Sequence[str]], where: str) -> Pair:
    if not isinstance(of, (list, tuple)) or len(of) != 2 or of[0] == of[1]:
        raise InvalidInput(f"{where}: of is {of!r}, expected the names of two sets")
    for name in of:
        if name not in known:
            raise InvalidInput(
                f"{where} combines the set {name!r}, which the run does not have: expected two of "
                f"{listed(known)}"
            )
    return str(of[0]), str(of[1])


def _label(
    table: object, *, sides: tuple[Sequence[str], Sequence[str]], of: Pair, where: str
) -> tuple[SetLabel, list[Pair]]:
    inside = f"{where}, label {table.get('label') if isinstance(table, Mapping) else table!r}"
    known = table_of(table, {"label", "meaning", "action", "pairs"}, where=inside)
    label = parse_label(
        {key: value for key, value in known.items() if key != "pairs"}, where=inside
    )
    pairs = known.get("pairs")
    if not isinstance(pairs, (list, tuple)) or not pairs:
        raise InvalidInput(f"{inside}: pairs is {pairs!r}, expected a list such as [['a', 'b']]")
    expanded = [pair for one in pairs for pair in _expanded(one, sides=sides, of=of, where=inside)]
    return label, expanded


def _expanded(
    pair: object, *, sides: tuple[Sequence[str], Sequence[str]], of: Pair, where: str
) -> list[Pair]:
    if not isinstance(pair, (list, tuple)) or len(pair) != 2:
        raise InvalidInput(f"{where}: {pair!r} is no pair, expected a label of each set or {ANY!r}")
    for label, side, name in zip(pair, sides, of, strict=True):
        if label != ANY and label not in side:
            raise InvalidInput(
                f"{where}: the set {name!r} has no label {label!r}, expected {ANY!r} or one of "
                f"{listed(side)}"
            )
    left, right = (
        list(side) if label == ANY else [str(label)]
        for label, side in zip(pair, sides, strict=True)
    )
    return list(itertools.product(left, right))


def _otherwise(document: Mapping[str, Any], *, rest: Sequence[Pair], where: str) -> SetLabel | None:
    if "otherwise" not in document:
        if rest:
            more = ", …" if len(rest) > _LISTED_PAIRS else ""
            raise InvalidInput(
                f"{where} gives no label to {', '.join(map(_pair, rest[:_LISTED_PAIRS]))}{more}: "
                "name them, or add an [otherwise] table with a label for the rest"
            )
        return None
    label = parse_label(document["otherwise"], where=f"{where}, otherwise")
    if not rest:
        raise InvalidInput(f"{where}: nobody could ever be in {label.label!r}, remove otherwise")
    return label


def _pair(pair: Pair) -> str:
    return f"{pair[0]!r} × {pair[1]!r}"
