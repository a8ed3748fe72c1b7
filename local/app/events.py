"""Events of a file, through the event stream: put, stored and closed as on AWS."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from adapters.streams.producer import StreamProducer
from local.app.system import System
from tessera import naming
from tessera.errors import InvalidInput
from tessera.sources.stream import rows_of_part

SUFFIXES = (".jsonl", ".jsonl.gz")
_LOOK_S = 0.2
_WITHOUT_NEWS_S = 120.0


def check_events(source: Path) -> None:
    """Refuse a file of events that can't be read, before anything starts."""
    if not source.is_file():
        raise InvalidInput(f"{source} does not exist: give a file with one JSON object a line")
    if not source.name.lower().endswith(SUFFIXES):
        raise InvalidInput(
            f"{source} has an unknown type: expected {', '.join(SUFFIXES)}, one JSON object a "
            "line. For a table of events, use `tessera run`"
        )
    if next(events_of(source, tenant=""), None) is None:
        raise InvalidInput(f"{source} has no lines: expected one JSON object a line")


def events_of(source: Path, *, tenant: str) -> Iterator[Mapping[str, Any] | bytes]:
    """Yield a file's events. A line that is no JSON object is sent as it is, and refused later."""
    opened = gzip.open if source.name.lower().endswith(".gz") else open
    with opened(source, "rb") as file:
        for line in file:
            if line.strip():
                yield _event(line.strip(), tenant=tenant)


def _event(line: bytes, *, tenant: str) -> Mapping[str, Any] | bytes:
    try:
        event = json.loads(line, parse_float=str)
    except (ValueError, RecursionError):
        return line
    return {"Tenant": tenant, **event} if isinstance(event, dict) else line


def send_events(system: System, source: Path, *, tenant: str) -> list[str]:
    """Put a file's events, and close the days that they are in.

    Returns
    -------
    list
        The keys that start the tenant's runs, the oldest day first.

    Raises
    ------
    InvalidInput
        No line is an event of the tenant.
    """
    producer = StreamProducer(system.event_stream, client=system.client("kinesis"))
    count = producer.put(events_of(source, tenant=tenant))
    ends = close_days(system, tenant=tenant, count=count)
    if not ends:
        raise InvalidInput(
            f"no line of {source} is an event of tenant {tenant!r}: expected one JSON object a "
            "line, whose Tenant is this one or missing"
        )
    return ends


def close_days(system: System, *, tenant: str, count: int) -> list[str]:
    """Close the days of the stream once their parts have so many records.

    Returns
    -------
    list
        The keys that start the tenant's runs, the oldest day first.
    """
    parts = _stored(system, count)
    system.call("CloseWindowsFunction", {})
    folders = sorted({naming.open_folder(key) for key in parts})
    return [
        naming.source_folder(tenant, folder) + naming.FOLDER_COMPLETE
        for owner, folder in folders
        if owner == tenant
    ]


def _stored(system: System, count: int) -> list[str]:
    """Return the marks of parts once they have all records."""
    seen, until = -1, 0.0
    while True:
        marks = system.keys(system.data_bucket, naming.OPEN_PARTS)
        rows = sum(rows_of_part(key.rpartition("/")[2]) for key in marks)
        if rows >= count:
            return marks
        now = time.monotonic()
        if rows != seen:
            seen, until = rows, now + _WITHOUT_NEWS_S
        if now > until:
            raise RuntimeError(f"StoreEvents has stored {rows} of {count} events: see its log")
        time.sleep(_LOOK_S)
