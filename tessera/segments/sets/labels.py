"""Each customer's label in each segment set, vectorised."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

import numpy as np
import numpy.typing as npt

from tessera.errors import InvalidInput
from tessera.records.scoring.sets import LabelRecord, SetRecord
from tessera.segments.assignment import Codes
from tessera.segments.sets.catalog import RFM, SegmentSets
from tessera.segments.sets.chosen_rules import ChosenRule, chosen_rules, column_of
from tessera.segments.sets.combined import CombinedSet
from tessera.segments.sets.conditional import ConditionalSet
from tessera.segments.sets.conditions import SEGMENT
from tessera.segments.sets.definition import SegmentSet
from tessera.segments.sets.masks import (
    Column,
    Columns,
    Labelled,
    first_that_holds,
)
from tessera.segments.sets.rules import QUANTILE, Ranges, Rule, Values
from tessera.segments.toml_tables import listed

_Bools = npt.NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, kw_only=True)
class SetSizes:
    """How many customers have each label of a set, and how the labels came about.

    Parameters
    ----------
    sizes
        Customers by position in the set's ``everyone``.
    column
        The column that labelled everybody. None where no column has a value, and for a combined
        set.
    edges
        The values between a ranges rule's labels, ascending. By quantile: the customers' values
        that the quantiles fall to.
    """

    sizes: tuple[int, ...]
    column: str | None = None
    edges: tuple[float, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class SetLabels(SetSizes):
    """One set's labels of customers.

    Parameters
    ----------
    codes
        Shape (n,): the position in the set's ``everyone``.
    """

    codes: Codes


def labels_for(
    columns: Columns,
    sets: SegmentSets,
    *,
    rfm: Codes,
    frozen: Mapping[str, SetRecord] | None = None,
    rules: Mapping[str, ChosenRule] | None = None,
) -> dict[str, SetLabels]:
    """Label customers in every set.

    Parameters
    ----------
    columns
        Profile columns by name, shape (n,) each.
    sets
        The run's sets.
    rfm
        Shape (n,): each customer's position in ``sets.definition.everyone``.
    frozen
        See ``chosen_rules``.
    rules
        What it returned for all customers. By default these are all.

    Returns
    -------
    dict
        By set name, in the order of ``sets.beside``.

    Raises
    ------
    InvalidInput
        A set's column is missing or no numbers, or has a text that the set doesn't name.
    """
    if rules is None:
        rules = chosen_rules([columns], sets, frozen=frozen)
    if sets.conditional:
        columns = {**columns, SEGMENT: _segments(sets, rfm)}
    labelled: dict[str, SetLabels] = {}
    everyone = {RFM: Labelled(labels=[one.label for one in sets.definition.everyone], codes=rfm)}
    for one in (*sets.simple, *sets.in_order):
        if isinstance(one, SegmentSet):
            labels = _simple(columns, one, customers=len(rfm), chosen=rules.get(one.name))
        elif isinstance(one, CombinedSet):
            labels = _combined(everyone, one)
        else:
            labels = _conditional(columns, one, others=everyone, customers=len(rfm))
        labelled[one.name] = labels
        everyone[one.name] = Labelled(
            labels=[label.label for label in one.everyone], codes=labels.codes
        )
    return {one.name: labelled[one.name] for one in sets.beside}


def added(
    before: Mapping[str, SetSizes] | None, labelled: Mapping[str, SetSizes]
) -> dict[str, SetSizes]:
    """Return the sizes of customers together with those before them, if any, by the same rules."""
    return {
        name: SetSizes(
            sizes=tuple(np.add(one.sizes, before[name].sizes).tolist()) if before else one.sizes,
            column=one.column,
            edges=one.edges,
        )
        for name, one in labelled.items()
    }


def set_records(sets: SegmentSets, labelled: Mapping[str, SetSizes]) -> dict[str, SetRecord]:
    """Return each set's labels, their sizes, and the rule that was used."""
    records = {}
    for one in sets.simple:
        labels = labelled[one.name]
        rule = next((rule for rule in one.rules if rule.column == labels.column), None)
        records[one.name] = SetRecord(
            meaning=one.meaning,
            labels=_labels(one, labels, limits=_limits(rule, labels.edges)),
            column=labels.column,
            by=rule.by if isinstance(rule, Ranges) else None,
            withheld=_withheld(one, labels.column),
            edges=labels.edges,
        )
    for each in sets.conditional:
        records[each.name] = SetRecord(
            meaning=each.meaning,
            labels=_labels(each, labelled[each.name]),
            by_conditions=True,
        )
    for both in sets.combined:
        records[both.name] = SetRecord(
            meaning=both.meaning, labels=_labels(both, labelled[both.name]), of=tuple(both.of)
        )
    return records


# ---- labels ------------------------------------------------------------------------------------


def _simple(
    columns: Columns, one: SegmentSet, *, customers: int, chosen: ChosenRule | None
) -> SetLabels:
    codes, width = np.full(customers, len(one.labels), np.int16), len(one.everyone)
    if chosen is None:
        return SetLabels(codes=codes, sizes=_sizes(codes, width))
    rule = chosen.rule
    column, known = column_of(columns, rule, name=one.name)
    codes[known] = (
        _by_text(column[known], rule, name=one.name)
        if isinstance(rule, Values)
        else _by_range(column[known], rule, edges=chosen.edges)
    )
    sizes = _sizes(codes, width)
    return SetLabels(codes=codes, sizes=sizes, column=rule.column, edges=chosen.edges)


def _by_range(values: Column, rule: Ranges, *, edges: Sequence[float]) -> Codes:
    side: Literal["left", "right"] = "left" if rule.by == QUANTILE else "right"  # see Ranges.by
    places = np.searchsorted(np.array(edges, np.float64), values.astype(np.float64), side=side)
    labels: Codes = np.array(rule.labels, np.int16)[places]
    return labels


def _by_text(texts: Column, rule: Values, *, name: str) -> Codes:
    codes = np.full(len(texts), -1, np.int16)
    for text, label in rule.labels.items():
        codes[texts == text] = label
    if (codes < 0).any():
        unknown = sorted({str(text) for text in texts[codes < 0]})
        raise InvalidInput(
            f"segment set {name!r} names no label for {unknown[0]!r} in the column "
            f"{rule.column!r}: expected one of {listed(rule.labels)}"
        )
    return codes


def _segments(sets: SegmentSets, rfm: Codes) -> Column:
    texts = np.array([one.label for one in sets.definition.everyone], dtype=object)
    segments: Column = texts[rfm]
    return segments


def _conditional(
    columns: Columns, one: ConditionalSet, *, others: Mapping[str, Labelled], customers: int
) -> SetLabels:
    codes = first_that_holds(
        one.conditions, columns, sets=others, customers=customers, name=one.name
    )
    return SetLabels(codes=codes, sizes=_sizes(codes, len(one.everyone)))


def _combined(others: Mapping[str, Labelled], both: CombinedSet) -> SetLabels:
    left, right = (others[name].codes for name in both.of)
    positions: Codes = np.array(both.table, np.int16)[left, right]
    return SetLabels(codes=positions, sizes=_sizes(positions, len(both.everyone)))


def _sizes(codes: Codes, count: int) -> tuple[int, ...]:
    return tuple(np.bincount(codes, minlength=count).tolist())


# ---- records -------------------------------------------------------------------------------------


_Limits = tuple[float | None, float | None]  # from, and below


def _labels(
    one: SegmentSet | ConditionalSet | CombinedSet,
    labels: SetSizes,
    *,
    limits: Mapping[int, _Limits] = MappingProxyType({}),
) -> tuple[LabelRecord, ...]:
    rows = zip(one.everyone, one.segment_labels, labels.sizes, strict=True)
    records = []
    for place, (label, segment_label, customers) in enumerate(rows):
        low, below = limits.get(place, (None, None))
        records.append(
            LabelRecord(
                **dataclasses.asdict(label),
                segment_label=segment_label,
                customers=customers,
                low=low,
                below=below,
            )
        )
    return tuple(records)


def _limits(rule: Rule | None, edges: Sequence[float]) -> dict[int, _Limits]:
    if not isinstance(rule, Ranges):
        return {}
    return dict(zip(rule.labels, zip((None, *edges), (*edges, None), strict=True), strict=True))


def _withheld(one: SegmentSet, column: str | None) -> tuple[str, ...]:
    return tuple(one.columns[: one.columns.index(column)] if column else one.columns)
