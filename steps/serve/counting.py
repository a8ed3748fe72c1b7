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
from adapters.tables.columns import days, unscaled
from tessera.api.documents.settings import LabelCount
from tessera.segments.sets.catalog import RFM, SegmentSets, sets_for
from tessera.segments.sets.combined import is_combined
from tessera.segments.sets.labels import labels_for
from tessera.segments.sets.masks import Column
from tessera.settings import RunSettings

_ALWAYS = ("segment", "monetary")


def labels_of(
    definition: Mapping[str, Any],
    *,
    settings: Mapping[str, Any],
    profiles: ProfileReader,
    prefix: str,
) -> tuple[LabelCount, ...]:
    """Return how many customers each label would have, their money, and their segments.

    Parameters
    ----------
    definition
        A set's TOML document, with its name.
    settings
        The tenant's settings, for the sets that a combined set is made of.
    profiles, prefix
        Reads the run's profiles, and where they are.

    Raises
    ------
    InvalidInput
        The definition is wrong. The message says where.
    """
    name = str(definition["name"])
    sets = _sets(definition, RunSettings.parse(settings))
    names = dict.fromkeys(
        [*_ALWAYS, *(column for one in sets.over_columns for column in one.columns)]
    )
    table = pa.concat_tables(profiles.columns(prefix, list(names)))
    everyone = [one.label for one in sets.definition.everyone]
    segments = pc.index_in(table.column("segment"), pa.array(everyone)).to_numpy()
    columns = {name: _numbers(table.column(name)) for name in names if name != "segment"}
    labelled = labels_for(columns, sets, rfm=segments.astype(np.int64))[name]
    money = unscaled(table.column("monetary"))
    one = next(each for each in sets.beside if each.name == name)
    return tuple(
        _count(label.label, labelled.codes == place, money, segments, everyone)
        for place, label in enumerate(one.everyone)
    )


def _sets(definition: Mapping[str, Any], settings: RunSettings) -> SegmentSets:
    """Return the set, and those that it is made of."""
    name = str(definition["name"])
    of: Sequence[str] = definition.get("of", ()) if is_combined(definition) else ()
    needed = [one for one in of if one not in (RFM, name)]
    own = {**settings.sets, name: definition}
    return sets_for(
        dataclasses.replace(settings, segment_sets=(*needed, name), sets=own, thresholds={})
    )


def _numbers(column: pa.ChunkedArray) -> Column:
    if pa.types.is_string(column.type):
        return np.asarray(column.to_numpy(zero_copy_only=False), object)
    if pa.types.is_timestamp(column.type):
        return days(column)
    return np.asarray(column.cast(pa.float64()).to_numpy(), np.float64)


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
