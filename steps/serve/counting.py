"""What a segment set would come to with a run's customers, labelled as a run labels them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from adapters.stores.profile_reader import ProfileReader
from adapters.tables.columns import unscaled
from adapters.tables.set_columns import set_column
from tessera.api.documents.settings import EmptyCells, LabelCount
from tessera.segments.sets.catalog import SegmentSets, sets_for, with_references
from tessera.segments.sets.combined import CombinedSet
from tessera.segments.sets.labels import labels_for
from tessera.segments.sets.masks import Column, has_value
from tessera.settings import RunSettings

_ALWAYS = ("segment", "monetary")


def labels_of(
    definition: Mapping[str, Any],
    *,
    settings: Mapping[str, Any],
    profiles: ProfileReader,
    prefix: str,
) -> tuple[tuple[LabelCount, ...], tuple[EmptyCells, ...]]:
    """Return each label's customers, money and segments, and the columns with empty cells.

    Parameters
    ----------
    definition
        A set's TOML document, with its name.
    settings
        The tenant's settings, for the sets whose labels it reads.
    profiles, prefix
        Reads the run's profiles, and where they are.

    Raises
    ------
    InvalidInput
        The definition is wrong. The message says where.
    """
    name = str(definition["name"])
    sets = _sets(definition, RunSettings.parse(settings))
    names = dict.fromkeys([*_ALWAYS, *sets.columns])
    table = pa.concat_tables(profiles.columns(prefix, list(names)))
    everyone = [one.label for one in sets.definition.everyone]
    segments = pc.index_in(table.column("segment"), pa.array(everyone)).to_numpy()
    columns = {
        name: set_column(table.column(name), name=name) for name in names if name != "segment"
    }
    labelled = labels_for(columns, sets, rfm=segments.astype(np.int64))[name]
    money = unscaled(table.column("monetary"))
    one = next(each for each in sets.beside if each.name == name)
    counts = tuple(
        _count(label.label, labelled.codes == place, money, segments, everyone)
        for place, label in enumerate(one.everyone)
    )
    read = () if isinstance(one, CombinedSet) else one.columns
    empty = (
        EmptyCells(column=name, customers=_empty(columns[name])) for name in read if name in columns
    )
    return counts, tuple(one for one in empty if one.customers)


def _sets(definition: Mapping[str, Any], settings: RunSettings) -> SegmentSets:
    """Return the set, and those that it reads."""
    own = {**settings.sets, str(definition["name"]): definition}
    names = with_references(str(definition["name"]), own=own)
    return sets_for(dataclasses.replace(settings, segment_sets=names, sets=own, thresholds={}))


def _empty(column: Column) -> int:
    return int(np.count_nonzero(~has_value(column)))


def _count(
    label: str, members: Column, money: Column, segments: Column, everyone: Sequence[str]
) -> LabelCount:
    by_segment = np.bincount(segments[members], minlength=len(everyone))
    cents = int(money[members].sum())
    return LabelCount(
        label=label,
        customers=int(members.sum()),
        monetary=str(Decimal(cents).scaleb(-2)),
        segments={
            name: int(count) for name, count in zip(everyone, by_segment, strict=True) if count
        },
    )
