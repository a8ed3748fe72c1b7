"""A segment definition: which label each cell of scores has, exactly one each.

Definitions are TOML, ours in ``presets/`` or the user's own in the same form (docs/segments.md).
Nothing here needs NumPy, so that an upload's settings can be checked before anything runs.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from tessera.customers.units import UNITS
from tessera.errors import InvalidInput
from tessera.naming import PROSPECT, cluster_label, segment_names
from tessera.segments.cells import every_cell, expand
from tessera.segments.toml_tables import table_of, text_of
from tessera.settings import RunSettings
from tessera.shipped_files import read_toml

PRESETS = ("classic-11", "grid-10", "nine", "aws-guidance")
_LOYALTY = "loyalty-3"
ORDERS, GUIDANCE = "orders", "guidance"
MOST_CLUSTERS = 20
MEANING_OF_PROSPECT = "No purchase in the period: has only looked around, or sent something back."
ACTION_FOR_PROSPECT = "Help with the first or next purchase: answer doubts, make an offer."

_KEYS = {"name", "meaning", "scale", "measures", "thresholds", "segment", "otherwise"}
_SEGMENT_KEYS = {"label", "cells", "meaning", "action"}
_LISTED_CELLS = 30


@dataclasses.dataclass(frozen=True, kw_only=True)
class LabelDefinition:
    """A label, what it means to a marketer, and what to do about it."""

    label: str
    cells: tuple[str, ...]
    meaning: str
    action: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Definition:
    """A complete and disjoint set of segments.

    Parameters
    ----------
    name
        The preset's name, or the user's own.
    scale
        Scores go from 1 to this.
    measures
        ``orders`` (default) or ``guidance``: see ``customers.measures``.
    thresholds
        By measure, fixed thresholds in integer units (days, orders, ten-thousandths) in place of
        quantiles.
    segments
        In the order to show them. Each cell is in exactly one.
    """

    name: str
    meaning: str
    scale: int
    measures: str
    thresholds: Mapping[str, tuple[int, ...]]
    segments: tuple[LabelDefinition, ...]

    @property
    def everyone(self) -> tuple[LabelDefinition, ...]:
        """All segments a customer can be in: those of the definition, then Prospect."""
        if self.measures == GUIDANCE:
            return self.segments
        prospect = LabelDefinition(
            label=PROSPECT, cells=(), meaning=MEANING_OF_PROSPECT, action=ACTION_FOR_PROSPECT
        )
        return (*self.segments, prospect)


def definition_for(settings: RunSettings) -> Definition:
    """Return the definition that a run uses: its own, or the preset it names."""
    if settings.definition:
        return parse(settings.definition)
    return load_preset(settings.preset)


@functools.cache
def load_preset(name: str) -> Definition:
    """Return one of the shipped definitions. It may lie inside a zip app."""
    if name == _LOYALTY:
        raise InvalidInput(
            f"{name!r} is no preset of scores: its groups are cut from all customers' scores, "
            "which live labels cannot follow. It is the segment set 'loyalty_3', beside any "
            "preset: add that to the setting 'segment_sets'"
        )
    if name not in PRESETS:
        raise InvalidInput(f"preset {name!r} is unknown: expected one of {', '.join(PRESETS)}")
    return parse(read_toml("tessera.segments", f"presets/{name}.toml"))


def parse(document: Mapping[str, Any]) -> Definition:
    """Return a definition from its TOML document, checked.

    Raises
    ------
    InvalidInput
        A key or score is unknown, a text is missing, a label is reserved or used twice, or a cell
        has no segment or two. The message lists the cells.
    """
    name = text_of(document, "name", where="the definition")
    where = f"segment definition {name!r}"
    table_of(document, _KEYS, where=where)
    scale = document.get("scale", 5)
    if type(scale) is not int or not 2 <= scale <= 9:
        raise InvalidInput(f"{where}: scale is {scale!r}, expected a whole number from 2 to 9")
    measures = document.get("measures", ORDERS)
    if measures not in (ORDERS, GUIDANCE):
        raise InvalidInput(f"{where}: measures is {measures!r}, expected {ORDERS!r}, {GUIDANCE!r}")
    return Definition(
        name=name,
        meaning=text_of(document, "meaning", where=where),
        scale=scale,
        measures=measures,
        thresholds=_thresholds(document.get("thresholds", {}), scale=scale, where=where),
        segments=_segments(document, scale=scale, where=where),
    )


def _segments(
    document: Mapping[str, Any], *, scale: int, where: str
) -> tuple[LabelDefinition, ...]:
    tables = document.get("segment", [])
    if not isinstance(tables, (list, tuple)) or not tables:
        raise InvalidInput(f"{where} has no segments: expected [[segment]] tables")
    listed = [_segment(table, scale=scale, where=where) for table in tables]
    gaps = sorted(set(every_cell(scale)) - {cell for one in listed for cell in one.cells})
    if otherwise := document.get("otherwise"):
        table_of(otherwise, _SEGMENT_KEYS - {"cells"}, where=f"{where}, otherwise")
        listed.append(_described(otherwise, tuple(gaps), where=f"{where}, otherwise"))
    elif gaps:
        raise InvalidInput(
            f"{where} gives no segment to {_cells(gaps)}: add them to a segment, or add an "
            "[otherwise] table with a label for the rest"
        )
    _disjoint(listed, where=where)
    _named(listed, where=where)
    return tuple(listed)


def _segment(table: object, *, scale: int, where: str) -> LabelDefinition:
    label = table.get("label") if isinstance(table, Mapping) else table
    inside = f"{where}, segment {label!r}"
    patterns = table_of(table, _SEGMENT_KEYS, where=inside).get("cells")
    if not isinstance(patterns, (list, tuple)) or not all(isinstance(p, str) for p in patterns):
        raise InvalidInput(f"{inside}: cells is {patterns!r}, expected a list such as ['55*']")
    try:
        cells = [cell for pattern in patterns for cell in expand(pattern, scale=scale)]
    except InvalidInput as error:
        raise InvalidInput(f"{inside}: {error}") from error
    return _described(table, tuple(sorted(cells)), where=inside)


def _described(table: object, cells: tuple[str, ...], *, where: str) -> LabelDefinition:
    if not cells:
        raise InvalidInput(f"{where} has no cells: nobody could ever be in it, remove it")
    known = table_of(table, _SEGMENT_KEYS, where=where)
    texts = {key: text_of(known, key, where=where) for key in ("label", "meaning", "action")}
    return LabelDefinition(cells=cells, **texts)


def _disjoint(segments: Sequence[LabelDefinition], *, where: str) -> None:
    owners: dict[str, str] = {}
    twice = [
        f"{cell} ({owners[cell]}, {one.label})"
        for one in segments
        for cell in one.cells
        if owners.setdefault(cell, one.label) != one.label or one.cells.count(cell) > 1
    ]
    if twice:
        raise InvalidInput(
            f"{where} gives more than one segment to {_cells(sorted(set(twice)))}: "
            "each cell belongs to exactly one"
        )


def _named(segments: Sequence[LabelDefinition], *, where: str) -> None:
    labels = [one.label for one in segments]
    if PROSPECT in labels:
        raise InvalidInput(
            f"{where}: the label {PROSPECT!r} is reserved for customers without a purchase"
        )
    twice = next((label for label in labels if labels.count(label) > 1), None)
    if twice is not None:
        raise InvalidInput(f"{where}: the label {twice!r} is used by two segments")
    clusters = [cluster_label(rank) for rank in range(1, MOST_CLUSTERS + 1)]
    segment_names([*labels, PROSPECT, *clusters])


def _thresholds(table: object, *, scale: int, where: str) -> dict[str, tuple[int, ...]]:
    parsed: dict[str, tuple[int, ...]] = {}
    for measure, values in table_of(table, set(UNITS), where=f"{where}, thresholds").items():
        if not isinstance(values, (list, tuple)):
            raise InvalidInput(f"{where}: thresholds of {measure} are {values!r}, expected a list")
        units = [_units(value, UNITS[measure], where=where) for value in values]
        if len(units) != scale - 1 or units != sorted(units):
            raise InvalidInput(
                f"{where}: thresholds of {measure} are {values!r}, expected {scale - 1} ascending "
                f"values for scores 1 to {scale}"
            )
        parsed[measure] = tuple(units)
    return parsed


def _units(value: object, unit: int, *, where: str) -> int:
    try:
        return int((Decimal(str(value)) * unit).to_integral_value("ROUND_FLOOR"))
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise InvalidInput(f"{where}: the threshold {value!r} is not a number") from error


def _cells(cells: Sequence[str]) -> str:
    count = f"{len(cells)} cell" + ("s" if len(cells) > 1 else "")
    more = ", …" if len(cells) > _LISTED_CELLS else ""
    return f"{count}: {', '.join(cells[:_LISTED_CELLS])}{more}"
