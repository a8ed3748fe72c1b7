"""An upload of many small parts, as an event stream makes it, is read within the same memory."""

from __future__ import annotations

import json

from adapters.engines.duckdb.validate import validate_file
from tessera.settings import RunSettings
from tessera.sources.stream import StreamRecord, parts_of

NOON = 1_795_867_200.0  # 2026-11-28, noon UTC
PARTS, ROWS = 24, 5


def record(number):
    event = {
        "EventID": f"e{number}", "CustomerID": f"C{number % 40}", "EventName": "VIEWED",
        "Date": "2026-11-28T10:00:00Z", "Email": f"reader{number % 40}@example.com",
    }  # fmt: skip
    body = json.dumps(event).encode()
    return StreamRecord("shardId-000000000000", f"{number:056d}", NOON, body)


def test_each_part_is_closed_before_the_next_ones_are_opened(tmp_path):
    for first in range(0, PARTS * ROWS, ROWS):
        parts, _ = parts_of(record(number) for number in range(first, first + ROWS))
        for part in parts:
            (tmp_path / part.name).write_bytes(part.body)
    # Readers of all parts at once, for each kind of address, would take over 2 GB.
    checked = validate_file(tmp_path, RunSettings(mapping="none"), memory_limit_mb=1024)
    assert (checked.read, checked.accepted) == (PARTS * ROWS, PARTS * ROWS)
