"""Batches of any size are folded to the same rows, and rows in no order are refused."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest

from adapters.engines import folding
from adapters.engines.folding import folded
from adapters.tables.parquet import arrow_schema
from tessera.contracts.tables import CUSTOMER_DAYS, CUSTOMERS, EVENTS, LOOK_DAYS
from tessera.customers.folding.rows import event_rows
from tessera.customers.summary import Period, duckdb_days
from tessera.events.names import EVENTS as NAMES

PERIOD = Period(as_of=dt.date(2024, 4, 2), window_months=0, time_zone="America/St_Johns")


@pytest.fixture(scope="module")
def read() -> pa.Table:
    """Events of every kind, most of them of one of sixty customers, as an engine reads them."""
    draw = random.Random(1)  # noqa: S311 (made-up events)
    rows = [
        {
            "customer_key": f"{draw.choice((7, draw.randrange(60))):02d}",
            "event": draw.choice(NAMES),
            "occurred_at": dt.datetime(2024, 4, 1, tzinfo=dt.UTC)
            - dt.timedelta(minutes=draw.randrange(60 * 24 * 200)),
            "amount": Decimal(draw.randrange(-(10**6), 10**6)) / 10_000,
            "order_id": draw.choice((None, "a", "b", "c")),
        }
        for _ in range(3000)
    ]
    query = event_rows("events", period=PERIOD, days_until_as_of=duckdb_days(PERIOD))
    with duckdb.connect() as db:
        db.execute("SET TimeZone = 'UTC'")
        db.register("events", pa.Table.from_pylist(rows, arrow_schema(EVENTS)))
        return db.sql(f"{query} ORDER BY customer_key").to_arrow_table()


def whole(table: pa.Table, *, rows: int) -> list[pa.Table]:
    parts = list(folded(table.to_batches(rows)))
    return [
        pa.concat_tables([getattr(part, name) for part in parts])
        for name in ("customers", "days", "looks")
    ]


@pytest.mark.parametrize("at_once", [1, 10, 700])
@pytest.mark.parametrize("rows", [1, 7, 1000])
def test_no_cut_changes_a_row(read, monkeypatch, rows, at_once):
    expected = whole(read, rows=len(read))
    assert len(expected[0]) == 60
    monkeypatch.setattr(folding, "_ROWS", at_once)
    assert whole(read, rows=rows) == expected


def test_the_columns_are_the_contracts(read):
    for table, contract in zip(
        whole(read, rows=100), (CUSTOMERS, CUSTOMER_DAYS, LOOK_DAYS), strict=True
    ):
        table.validate(full=True)
        assert table.schema.equals(arrow_schema(contract))


def test_customers_in_no_order_are_refused(read, monkeypatch):
    with pytest.raises(AssertionError, match="not in the order of their customers"):
        list(folded(read.sort_by("occurred_at").to_batches()))
    monkeypatch.setattr(folding, "_ROWS", 1)
    twice = [*read.to_batches(500), *read.to_batches(500)]
    with pytest.raises(AssertionError, match="not in the order of their customers"):
        list(folded(twice))


def test_amounts_of_other_places_are_refused(read):
    cast = read.set_column(2, "amount", read.column("amount").cast(pa.decimal128(18, 6)))
    with pytest.raises(AssertionError, match="amounts are decimal128"):
        list(folded(cast.to_batches()))
