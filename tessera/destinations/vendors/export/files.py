"""The neutral export: files that any tool can read, without any account or permission.

``customers.parquet`` and ``customers.csv`` have one row per customer. ``contacts.csv`` has one row
per address, with a column for each segment set. ``segments.json`` describes what the labels mean
and how many customers have each. ``segments/`` has one list per segment of the definition, as
mailing tools import it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from tessera.contracts.csv_cells import safe_cell
from tessera.contracts.tables import CUSTOMER_OUTPUT, PROFILES
from tessera.destinations.port import labels_of
from tessera.records.loads.exported_segments import ExportedSegment, ExportedSegments, ExportedSet
from tessera.records.loads.segment import Segment
from tessera.segments.sets.catalog import CLUSTER, RFM, SHIPPED, SegmentSets

CUSTOMERS_PARQUET = "customers.parquet"
CUSTOMERS_CSV = "customers.csv"
CONTACTS_CSV = "contacts.csv"
SEGMENTS_JSON = "segments.json"
SEGMENT_LISTS = "segments/"
LIST_HEADER = ("customer_id", "email", "phone", "recency_days", "frequency", "monetary")
CUSTOMER_HEADER = CUSTOMER_OUTPUT.names
_CONTACT = ("customer_id", "channel_type", "address", "segment", "segment_name", "cluster")
_CONTACT_END = ("rfm_score", "as_of")
# Sets whose labels are a column of profiles. The column ``cluster`` holds ranks instead.
_OWN_COLUMN = frozenset(SHIPPED) & frozenset(PROFILES.names) - {CLUSTER}
# Every text that ``cell`` changes or a CSV quotes has one of these, and few others do.
SPECIAL = r'^[^0-9A-Za-z]|[;,|"\t\r\n]'


def set_columns(sets: SegmentSets) -> tuple[str, ...]:
    """Return the sets that have a column of the same name in ``contacts.csv``."""
    return tuple(one.name for one in sets.beside if one.name != CLUSTER)


def contact_header(sets: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of ``contacts.csv``, with one column per set."""
    return (*_CONTACT, *sets, *_CONTACT_END)


def looked_up(
    names: Mapping[str, str], *, sets: Sequence[str]
) -> dict[str, tuple[str, Callable[[str | None], str | None]]]:
    """Return the derived columns of ``contacts.csv``: their source column, and a function of it.

    Parameters
    ----------
    names
        Segment name by label.
    sets
        The segment sets that have a column.
    """

    def label_in(name: str) -> Callable[[str | None], str | None]:
        return lambda labels: labels_of(labels).get(name)

    return {
        "segment_name": ("segment", lambda label: names.get(label or "")),
        **{name: ("labels", label_in(name)) for name in sets},
    }


def cell(value: object) -> str:
    """Return a value as CSV text: instants as ISO 8601 in UTC, None as an empty cell."""
    if isinstance(value, str):
        return safe_cell(value)
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    return str(value)  # a number or a day: no spreadsheet reads it as a formula


def segments_record(
    segments: Sequence[Segment], *, sets: SegmentSets, as_of: dt.date, run_id: str
) -> ExportedSegments:
    """Return ``segments.json``: every segment, and every set with its sizes."""
    meanings = {RFM: sets.definition.meaning} | {one.name: one.meaning for one in sets.beside}
    return ExportedSegments(
        as_of=as_of,
        run_id=run_id,
        sets=tuple(
            _set(name, meaning, [one for one in segments if one.set == name])
            for name, meaning in meanings.items()
        ),
        segments=tuple(_segment(one) for one in segments),
    )


def _set(name: str, meaning: str, members: Sequence[Segment]) -> ExportedSet:
    return ExportedSet(
        name=name,
        meaning=meaning,
        attribute=_column(members[0]),
        customers=sum(one.customers for one in members),
        sizes={one.name: one.customers for one in members},
    )


def _segment(segment: Segment) -> ExportedSegment:
    members = {field.name: getattr(segment, field.name) for field in dataclasses.fields(Segment)}
    return ExportedSegment(**members, attribute=_column(segment))


def _column(segment: Segment) -> str:
    if segment.bounds:
        return segment.bounds.column
    if segment.kind == "set":
        return segment.set if segment.set in _OWN_COLUMN else "labels"
    return segment.kind  # also the column's name
