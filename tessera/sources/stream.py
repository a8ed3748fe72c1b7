"""Records of an event stream as parts of an upload: one part for each tenant and day of a batch.

A record is one JSON object whose fields are the data contract's headers. What is no such object
becomes a row of one cell with its text, so that Prepare refuses it and lists it. The same batch,
delivered again, gives the same parts. One that is cut differently repeats known event ids.
"""

from __future__ import annotations

import base64
import csv
import dataclasses
import datetime as dt
import functools
import gzip
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tessera import naming
from tessera.events.names import normalised
from tessera.sources.recognition.contract import COLUMNS, CONTACTS

EVENT_ID = "event_id"
# The event's id first: a row whose first cell is blank may be read as an empty one.
_ORDERED = sorted(COLUMNS, key=lambda column: column.name != EVENT_ID)
HEADER = tuple(column.header for column in _ORDERED)
PLACES = {column.name: place for place, column in enumerate(_ORDERED)}  # of each of our columns
LARGEST_RECORD_BYTES = 1 << 16
_SUFFIX = ".csv.gz"
_MOST_CHARACTERS = 2_000  # of a record that is no event, kept for its owner
_TENANT = "tenant"
_PLACES = {
    normalised(name): place
    for place, header in enumerate(HEADER)
    for column in COLUMNS
    if column.header == header
    for name in (column.header, column.name)
}
_CUSTOMERS = frozenset(
    _PLACES[normalised(name)] for name in ("customer_id", "other_id", "address", *CONTACTS)
)
_DATE = _PLACES["date"]
_EVENT_ID = _PLACES[normalised(EVENT_ID)]
_DAY_SECONDS = 86_400
_LONGEST_NAME = 40  # of a field: a longer one is none of ours
_NUL = "\0"
# Lone halves of a UTF-16 pair, which JSON can spell and UTF-8 can't.
_HALVES = re.compile("[\ud800-\udfff]")


@dataclasses.dataclass(frozen=True, slots=True)
class StreamRecord:
    """A record as a consumer reads it.

    Parameters
    ----------
    shard, sequence
        Its place in the stream, which no other record has.
    arrived_at
        When the stream accepted it, in seconds since 1970. All consumers see the same.
    data
        What the producer sent.
    """

    shard: str
    sequence: str
    arrived_at: float
    data: bytes

    @property
    def window(self) -> int:
        """The day whose upload the record belongs to, in days since 1970."""
        return int(self.arrived_at // _DAY_SECONDS)


@dataclasses.dataclass(frozen=True, kw_only=True)
class StreamPart:
    """The rows of one tenant and day, ready to be written.

    ``name`` is that of the part in the day's folder. It shows which rows the part has, so a part
    that exists already has the same rows.
    """

    tenant: str
    day: str
    name: str
    rows: int
    body: bytes


@dataclasses.dataclass(frozen=True, kw_only=True)
class StreamCounts:
    """What a batch consisted of.

    ``unreadable`` records are no events. ``incomplete`` ones have no customer or no date. Both are
    written all the same, and Prepare judges them.
    """

    records: int
    unreadable: int
    incomplete: int


def records_of(event: Mapping[str, Any]) -> Iterator[StreamRecord]:
    """Yield the records of an event that Lambda makes of a Kinesis batch."""
    for each in event["Records"]:
        kinesis = each["kinesis"]
        shard, _, sequence = str(each["eventID"]).partition(":")
        yield StreamRecord(
            shard,
            sequence,
            float(kinesis["approximateArrivalTimestamp"]),
            base64.b64decode(kinesis["data"]),
        )


def parts_of(records: Iterable[StreamRecord]) -> tuple[list[StreamPart], StreamCounts]:
    """Return a batch's parts, and what the batch consisted of.

    Parameters
    ----------
    records
        Of one shard, in the shard's order.

    Returns
    -------
    (list, StreamCounts)
        Every record is in exactly one part. The parts' bytes depend on the records alone.
    """
    groups: dict[tuple[str, str], tuple[StreamRecord, list[list[str]]]] = {}
    count = unreadable = incomplete = 0
    for record in records:
        count += 1
        tenant, row = row_of(record)
        if len(row) == 1:
            unreadable += 1
        elif not row[_DATE] or not any(row[place] for place in _CUSTOMERS):
            incomplete += 1
        day = _day(record.window)
        groups.setdefault((tenant, day), (record, []))[1].append(row)
    parts = [
        StreamPart(
            tenant=tenant,
            day=day,
            name=f"{first.shard}-{first.sequence}-{len(rows)}{_SUFFIX}",
            rows=len(rows),
            body=_compressed(rows),
        )
        for (tenant, day), (first, rows) in groups.items()
    ]
    return parts, StreamCounts(records=count, unreadable=unreadable, incomplete=incomplete)


def rows_of_part(name: str) -> int:
    """Return how many rows a part has, by its name."""
    return int(name.removesuffix(_SUFFIX).rpartition("-")[2])


def row_of(record: StreamRecord) -> tuple[str, list[str]]:
    """Return whose a record is, and its cells in the order of ``HEADER``.

    What is no event is the default tenant's, in one cell.
    """
    if len(record.data) > LARGEST_RECORD_BYTES:
        return _refused(record, f"larger than {LARGEST_RECORD_BYTES} bytes")
    try:
        event = json.loads(record.data, parse_float=str, parse_int=str, parse_constant=str)
        if not isinstance(event, dict):
            return _refused(record, "not a JSON object")
        tenant, cells = _cells(event)
    except (ValueError, RecursionError):  # a text that isn't UTF-8 is a ValueError too
        return _refused(record, "not a JSON object")
    if not _is_tenant(tenant):
        return _refused(record, "Tenant is not a valid name")
    if not cells[_EVENT_ID].strip():
        cells[_EVENT_ID] = f"{record.shard}:{record.sequence}"
    return tenant, cells


def _cells(event: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return an event's tenant and cells. Further fields are ignored, as columns of a file are."""
    tenant, cells = naming.DEFAULT_TENANT, [""] * len(HEADER)
    for field, value in event.items():
        name = _name(field) if len(field) <= _LONGEST_NAME else ""
        if name == _TENANT:
            tenant = _text(value) or naming.DEFAULT_TENANT
        else:
            place = _PLACES.get(name)
            if place is not None and not cells[place]:
                cells[place] = _text(value)
    return tenant, cells


def _text(value: Any) -> str:  # noqa: ANN401 (a JSON value)
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if text.isascii() and _NUL not in text else _writable(text)


def _writable(text: str) -> str:
    return _HALVES.sub("\ufffd", text).replace(_NUL, "\ufffd")


def _refused(record: StreamRecord, why: str) -> tuple[str, list[str]]:
    """Return a row of one cell, which no file's header fits: why it is no event, and its text."""
    text = record.data[: 4 * _MOST_CHARACTERS].decode(errors="replace")
    kept = text[:_MOST_CHARACTERS].replace(_NUL, "\ufffd")
    place = f"{record.shard}:{record.sequence}"
    return naming.DEFAULT_TENANT, [f"no event ({why}, record {place}): {kept}"]


def _compressed(rows: Iterable[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows(rows)
    return gzip.compress(text.getvalue().encode(), compresslevel=1, mtime=0)


@functools.lru_cache(maxsize=4096)
def _name(field: str) -> str:
    return normalised(field)


_is_tenant = functools.lru_cache(maxsize=4096)(naming.is_tenant)


@functools.lru_cache(maxsize=64)
def _day(number: int) -> str:
    return (dt.date(1970, 1, 1) + dt.timedelta(days=number)).isoformat()
