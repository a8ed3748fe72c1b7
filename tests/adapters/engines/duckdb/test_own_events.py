"""An upload's events, sorted by customer and written with a dictionary in each row group."""

from __future__ import annotations

import collections
import datetime as dt

import pyarrow.parquet as pq
import pytest

from adapters.engines.duckdb import own_events
from adapters.engines.duckdb.own_events import sort_events, write_events
from adapters.engines.duckdb.session import connect
from tessera.contracts.tables import EVENTS

AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
CUSTOMERS = 7_000
EVENTS_OF_EACH = 3


@pytest.fixture
def engine(tmp_path, monkeypatch):
    """Return an engine with events of customers in no order, who all begin a key apart."""
    monkeypatch.setattr(own_events, "_BATCH", 2_048)  # so that groups end inside a customer
    with connect(tmp_path, memory_limit_mb=256) as db:
        db.execute(
            f"""CREATE TABLE customer_keys AS SELECT 'c' || n AS customer_id,
                printf('key-%05d', n) AS customer_key, (n + 1)::INTEGER AS place
            FROM range({CUSTOMERS}) AS t(n)"""
        )
        db.execute("CREATE TYPE event_name AS ENUM ('VIEWED', 'PURCHASED')")
        db.execute(
            f"""CREATE TABLE accepted_rows AS SELECT 'c' || (i * 7919 % {CUSTOMERS}) AS customer_id,
                'PURCHASED'::event_name AS event, TIMESTAMPTZ '{AT}' AS occurred_at,
                i::DECIMAL(18, 4) AS amount, 'o' || i AS order_id, NULL::VARCHAR AS event_id,
                'p' || i % 5 AS product_code, NULL::VARCHAR AS product_name,
                NULL::VARCHAR AS product_category, NULL::VARCHAR AS products
            FROM range({EVENTS_OF_EACH * CUSTOMERS}) AS t(i) WHERE i % {CUSTOMERS} <> 5"""
        )
        yield db


def test_each_row_is_written_once_with_its_customers_key_by_key(engine, tmp_path):
    sort_events(engine)
    path = write_events(engine, tmp_path / "events.parquet")
    table = pq.read_table(path)
    keys = table.column("customer_key").to_pylist()
    assert table.column_names == list(EVENTS.names)
    assert keys == sorted(keys)
    [without] = {f"key-{n:05d}" for n in range(CUSTOMERS)} - {*keys}
    assert without == f"key-{5 * 7919 % CUSTOMERS:05d}"
    assert {*collections.Counter(keys).values()} == {EVENTS_OF_EACH}
    expected = {i: f"key-{i * 7919 % CUSTOMERS:05d}" for i in range(EVENTS_OF_EACH * CUSTOMERS)}
    assert all(
        expected[int(amount)] == key and code == f"p{int(amount) % 5}"
        for key, amount, code in zip(
            keys,
            table.column("amount").to_pylist(),
            table.column("product_code").to_pylist(),
            strict=True,
        )
    )


def test_ids_without_keys_are_not_written(engine, tmp_path):
    sort_events(engine)
    path = write_events(engine, tmp_path / "events.parquet")
    assert pq.read_table(path, columns=["order_id"]).column(0).null_count == (
        EVENTS_OF_EACH * (CUSTOMERS - 1)
    )


def test_rows_in_another_order_are_not_written(engine, tmp_path):
    sort_events(engine)
    engine.execute(
        "CREATE OR REPLACE TABLE sorted_events AS FROM sorted_events ORDER BY place DESC"
    )
    with pytest.raises(AssertionError, match="order"):
        write_events(engine, tmp_path / "events.parquet")
