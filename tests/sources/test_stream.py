"""Every record of a stream is in exactly one row, however its batches are cut."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import itertools
import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.sources.stream import (
    HEADER,
    LARGEST_RECORD_BYTES,
    StreamRecord,
    parts_of,
    records_of,
)

NOON = 1_795_867_200.0  # 2026-11-28, noon UTC
SHARD = "shardId-000000000000"


def record(data, *, number=1, at=NOON):
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    return StreamRecord(SHARD, f"{number:056d}", at, body)


def rows_of(part):
    text = gzip.decompress(part.body).decode()
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert tuple(header) == HEADER
    assert len(rows) == part.rows
    return rows


def one(data):
    """Return the tenant, the cells by header, and the counts of a single record."""
    [part], counts = parts_of([record(data)])
    [row] = rows_of(part)
    return part.tenant, dict(zip(HEADER, row, strict=False)), counts


CLICK = {
    "EventID": "c-1", "CustomerID": "C1", "Date": "2026-11-28T11:59:58Z", "EventName": "VIEWED",
    "ProductCode": "SKU-1",
}  # fmt: skip


def test_an_event_becomes_a_row_of_the_data_contracts_columns():
    tenant, cells, counts = one(CLICK)
    assert tenant == "default"
    assert {name: cell for name, cell in cells.items() if cell} == CLICK
    assert (counts.records, counts.unreadable, counts.incomplete) == (1, 0, 0)


def test_fields_may_be_written_as_headers_of_files_are_and_unknown_ones_are_ignored():
    _, cells, _ = one({"customer_id": "C1", "event id": "e", "DATE": "2026-11-28", "scroll": 0.4})
    assert (cells["CustomerID"], cells["EventID"], cells["Date"]) == ("C1", "e", "2026-11-28")


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (19.9, "19.9"), (12345678901234567890123, "12345678901234567890123"), (True, "true"),
        (None, ""), ([1, "a"], '["1", "a"]'), ("a\nb", "a\nb"), ("zoë", "zoë"),
    ],
)  # fmt: skip
def test_values_keep_their_text(value, cell):
    assert one({**CLICK, "Amount": value})[1]["Amount"] == cell


def test_money_keeps_the_digits_that_were_sent():
    raw = json.dumps(CLICK).encode().replace(b'"c-1"', b'"c-1", "Amount": 19.900')
    assert one(raw)[1]["Amount"] == "19.900"


@pytest.mark.parametrize("missing", [{}, {"EventID": None}, {"EventID": " "}])
def test_an_event_without_an_id_has_its_place_in_the_stream(missing):
    event = {name: value for name, value in CLICK.items() if name != "EventID"} | missing
    assert one(event)[1]["EventID"] == f"{SHARD}:{1:056d}"


def test_a_stage_serves_several_tenants():
    records = [record({**CLICK, "Tenant": name}) for name in ("acme", "acme", "bolt", "", None)]
    parts, _ = parts_of(records)
    assert {part.tenant: part.rows for part in parts} == {"acme": 2, "bolt": 1, "default": 2}


@pytest.mark.parametrize("name", ["a/b", "../x", "Acme", "attributes", ["acme"], "x" * 49])
def test_a_tenants_name_that_is_none_is_never_a_path(name):
    tenant, cells, counts = one({**CLICK, "Tenant": name})
    assert (tenant, counts.unreadable) == ("default", 1)
    assert "Tenant is not a valid name" in cells["EventID"]
    assert not cells.keys() - {"EventID"}


NONSENSE = [
    b"", b" ", b"total", b'{"EventID": broken', b"\xff\xfe,,", b"[1, 2]", b'"text"', b"null",
    b"[" * 60_000, b"\xf3\x89\x9a\xc2 an aggregated record", b"x" * (LARGEST_RECORD_BYTES + 1),
    b"\x00\x00", "ünicode".encode("utf-16"), b'{"a": "' + b"\\ud800" * 9 + b'"} trailing',
]  # fmt: skip


@pytest.mark.parametrize("data", NONSENSE)
def test_what_is_no_event_is_a_row_of_one_cell_with_its_text(data):
    [part], counts = parts_of([record(data)])
    [[cell]] = rows_of(part)
    assert cell.startswith("no event (")
    assert SHARD in cell
    assert len(cell) < 2_200
    if data.isascii() and data.decode().isprintable():
        assert cell.endswith(data.decode()[:2_000])
    assert (part.tenant, counts.unreadable) == ("default", 1)


def test_half_of_a_character_stops_no_batch():
    raw = b'{"CustomerID": "C\\ud800", "Date": "2026-11-28", "Username": "a\\u0000b"}'
    _, cells, counts = one(raw)
    assert (cells["CustomerID"], cells["Username"]) == ("C\ufffd", "a\ufffdb")
    assert counts.unreadable == 0


@pytest.mark.parametrize("event", [{"CustomerID": "C1"}, {"Date": "2026-11-28"}, {}])
def test_events_without_a_customer_or_a_date_are_counted_and_kept(event):
    assert one(event)[2].incomplete == 1


def test_the_day_is_that_of_the_arrival_whatever_the_producers_clock_says():
    midnight = 1_795_910_400.0
    late = {**CLICK, "Date": "2031-01-01T00:00:00Z"}
    parts, _ = parts_of([
        record(late, number=1, at=midnight - 0.001), record(late, number=2, at=midnight),
    ])  # fmt: skip
    assert [part.day for part in parts] == ["2026-11-28", "2026-11-29"]


def test_a_parts_name_says_which_rows_it_has():
    [part], _ = parts_of([record(CLICK, number=5), record(CLICK, number=6)])
    assert part.name == f"{SHARD}-{5:056d}-2.csv.gz"


def test_lambdas_event_is_read():
    event = {
        "Records": [
            {
                "eventID": f"{SHARD}:49",
                "kinesis": {
                    "data": base64.b64encode(b"{}").decode(),
                    "approximateArrivalTimestamp": NOON,
                },
            }
        ]
    }
    assert list(records_of(event)) == [StreamRecord(SHARD, "49", NOON, b"{}")]


# ---- however batches are cut and repeated -------------------------------------------------------

events = st.one_of(
    st.binary(max_size=20),
    st.fixed_dictionaries(
        {"CustomerID": st.sampled_from(["C1", "C2", ""]), "Date": st.just("2026-11-28")},
        optional={
            "Tenant": st.sampled_from(["acme", "default", "no/path"]),
            "EventID": st.sampled_from(["e1", "e2", "", None]),
            "Username": st.text(max_size=5),
        },
    ).map(lambda value: json.dumps(value).encode()),
)
streams = st.lists(st.tuples(events, st.integers(0, 200_000)), min_size=1, max_size=30)


def stored(batches):
    """Return the folders that batches leave: parts by key, where equal keys replace."""
    folder = {}
    for batch in batches:
        for part in parts_of(batch)[0]:
            key = (part.tenant, part.day, part.name)
            assert folder.setdefault(key, part.body) == part.body
    return folder


def row_counts(folder):
    return Counter(
        (tenant, day, tuple(row))
        for (tenant, day, _), body in folder.items()
        for row in list(csv.reader(io.StringIO(gzip.decompress(body).decode(), newline="")))[1:]
    )


@settings(max_examples=50)
@given(streams, st.data())
def test_any_split_gives_each_record_one_row(stream, data):
    records = [
        record(body, number=number, at=NOON + after) for number, (body, after) in enumerate(stream)
    ]
    cuts = sorted(data.draw(st.sets(st.integers(0, len(records)))) | {0, len(records)})
    batches = [records[a:b] for a, b in itertools.pairwise(cuts)]
    whole, split = row_counts(stored([records])), row_counts(stored(batches))
    assert whole == split
    assert split.total() == len(records)


@settings(max_examples=50)
@given(streams, st.data())
def test_any_redelivery_gives_the_same_set_of_rows(stream, data):
    records = [
        record(body, number=number, at=NOON + after) for number, (body, after) in enumerate(stream)
    ]
    span = st.tuples(st.integers(0, len(records)), st.integers(0, len(records)))
    again = [records[a:b] for a, b in data.draw(st.lists(span, max_size=4)) if a < b]
    first = stored([records])
    assert set(row_counts(stored([records, *again, records]))) == set(row_counts(first))
    assert stored([records, records]) == first
