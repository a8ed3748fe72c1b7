"""The rules of overlapping uploads, against an oracle in plain Python, on any uploads."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.engines.duckdb.history import DuckDBRelations
from adapters.engines.duckdb.session import Connection, connect
from adapters.engines.overlap import EVENTS, VOIDED, count_once
from tessera.customers.orders.order_lines import voided_orders
from tessera.customers.orders.overlap import HeldOrders, newness, overlapping
from tessera.customers.summary import one_per_event_id
from tests import overlap_oracle as oracle

UTC = dt.UTC
COLUMNS = (
    "customer_key VARCHAR, event VARCHAR, occurred_at TIMESTAMPTZ, amount DECIMAL(18, 4), "
    "order_id VARCHAR, event_id VARCHAR, product_code VARCHAR, product_name VARCHAR, "
    "product_category VARCHAR, products VARCHAR, upload_rank INTEGER, newness INTEGER"
)
FIRST = dt.date(2026, 1, 1)


def with_own_id(row: oracle.Row) -> oracle.Row:
    """Let rows that share an event id share customer and order, so that few are alike."""
    event_id = f"{row.customer}-{row.order}-{row.event_id}" if row.event_id else ""
    return dataclasses.replace(row, event_id=event_id)


ROW = st.builds(
    oracle.Row,
    customer=st.sampled_from("ab"),
    event=st.sampled_from(
        ["PURCHASED", "PURCHASED", "REFUNDED", "CANCELLED", "VIEWED", "RENEWED", oracle.VOID]
    ),
    day=st.sampled_from([FIRST, FIRST, dt.date(2026, 1, 20), dt.date(2026, 3, 9)]),
    amount=st.sampled_from([Decimal(5), Decimal(7), Decimal(-3)]),
    order=st.sampled_from(["", "1", "2"]),
    event_id=st.sampled_from(["", "", "1", "2"]),
).map(with_own_id)
UPLOAD = st.tuples(st.integers(0, 3), st.lists(ROW, min_size=1, max_size=5))


@pytest.fixture
def db(tmp_path) -> Iterator[Connection]:
    with connect(tmp_path, memory_limit_mb=256) as connection:
        yield connection


def held(stored_at: int, rows: Sequence[oracle.Row]) -> HeldOrders:
    events = [row for row in rows if row.event != oracle.VOID]
    days = [dt.datetime.combine(row.day, dt.time(), UTC) for row in events] or [None]
    return HeldOrders(
        order_ids=sum(bool(row.order) for row in events), first=min(days), last=max(days),
        stored_at=f"{stored_at:04d}", voided=len(rows) - len(events),
    )  # fmt: skip


def stored_rows(uploads: Sequence[tuple[int, Sequence[oracle.Row]]], places: Sequence[int]):
    return [
        (row.customer, row.event, dt.datetime.combine(row.day, dt.time(), UTC), row.signed,
         row.order or None, row.event_id or None, None, None, None, None, rank, places[rank])
        for rank, (_, rows) in enumerate(uploads)
        for row in rows
    ]  # fmt: skip


def keep_voided(db: Connection, ranks: int) -> None:
    """Move the rows that void an order to ``VOIDED``, each upload's as an engine keeps them."""
    db.execute(f"CREATE TABLE voids AS SELECT * FROM {EVENTS} WHERE event = '{oracle.VOID}'")
    db.execute(f"DELETE FROM {EVENTS} WHERE event = '{oracle.VOID}'")
    kept = [
        f"SELECT *, (SELECT any_value(newness) FROM voids WHERE upload_rank = {rank}) AS newness "
        "FROM ("
        + voided_orders(
            f"(SELECT * FROM voids WHERE order_id IS NOT NULL AND upload_rank = {rank})",
            events=f"(SELECT * FROM {EVENTS} WHERE upload_rank = {rank})",
        )
        + ")"
        for rank in range(ranks)
    ]
    db.execute(f"CREATE TABLE {VOIDED} AS {' UNION ALL '.join(kept)}")


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(UPLOAD, min_size=1, max_size=5))
def test_uploads_count_as_an_oracle_in_plain_python_says(db, uploads):
    for kind, name in db.execute(
        "SELECT table_type, table_name FROM information_schema.tables"
    ).fetchall():
        db.execute(f"DROP {'VIEW' if kind == 'VIEW' else 'TABLE'} {name}")
    held_by = [held(*upload) for upload in uploads]
    places = newness(held_by)
    db.execute(f"CREATE TABLE {EVENTS} ({COLUMNS})")
    db.executemany(
        f"INSERT INTO {EVENTS} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        stored_rows(uploads, places),
    )
    keep_voided(db, len(uploads))
    query, overlap = count_once(DuckDBRelations(db), held_by, own_rank=len(uploads) - 1)
    db.execute(f"CREATE VIEW counted_once AS {query}")
    once = one_per_event_id("counted_once")
    counted = collections.Counter(
        (customer, event, at.date(), amount, order or "", event_id or "")
        for customer, event, at, amount, order, event_id, *_ in db.execute(once).fetchall()
    )
    expected = oracle.counted([rows for _, rows in uploads], newness=places)
    assert counted == collections.Counter(
        (row.customer, row.event, row.day, row.signed, row.order, row.event_id) for row in expected
    )
    rows_by_upload = [rows for _, rows in uploads]
    assert overlap.voided_orders == oracle.voided(rows_by_upload, newness=places)
    before = sum(row.event != oracle.VOID for rows in rows_by_upload for row in rows)
    [[after]] = db.execute("SELECT count(*) FROM counted_once").fetchall()
    assert overlap.not_counted == before - after
    if len(uploads) == 1:
        assert overlap.not_counted == 0


def test_times_that_several_uploads_have_are_joined():
    def span(first: int, last: int) -> HeldOrders:
        days = (dt.datetime(2026, 1, day, tzinfo=UTC) for day in (first, last))
        first_at, last_at = days
        return HeldOrders(order_ids=0, first=first_at, last=last_at, stored_at="")

    def shared(*spans: tuple[int, int]) -> list[tuple[int, int]]:
        times = overlapping([span(*each) for each in spans])
        return [(first.day, last.day) for first, last in times]

    assert shared((1, 5), (6, 9)) == []
    assert shared((1, 5), (5, 9)) == [(5, 5)]
    assert shared((1, 9), (2, 3), (7, 20)) == [(2, 3), (7, 9)]
    assert shared((1, 9), (2, 6), (4, 8)) == [(2, 8)]
    assert overlapping([HeldOrders(order_ids=0, first=None, last=None, stored_at="")] * 2) == []
