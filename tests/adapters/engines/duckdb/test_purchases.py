"""Purchases since a day are the events that count, as a run of the pipeline counts them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import boto3
import numpy as np
import pyarrow as pa
import pytest
from moto import mock_aws

from adapters.aws.objects import Objects
from adapters.engines.duckdb.purchases import purchases_since
from adapters.stores.events import EventStore, UploadRecord
from adapters.tables.parquet import arrow_schema, write_table
from tessera.contracts.tables import EVENTS

EPOCH = dt.date(1970, 1, 1)
SINCE, TODAY = dt.date(2026, 12, 1), dt.date(2026, 12, 20)
NOON = dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def store(aws_environment, tmp_path):
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="data")
        yield Uploads(EventStore(Objects("data"), tenant="shop"), tmp_path)


class Uploads:
    """Stores uploads of events."""

    def __init__(self, events: EventStore, folder: Path) -> None:
        self.events, self._folder = events, folder

    def add(self, *rows: dict[str, Any]) -> None:
        number = len(self.events.uploads())
        table = pa.Table.from_pylist([*rows], schema=arrow_schema(EVENTS))
        path = write_table(self._folder / f"{number}.parquet", table, EVENTS)
        moments = [row["occurred_at"].isoformat() for row in rows]
        record = UploadRecord(
            id=f"u{number}", name=f"u{number}.csv", content=f"c{number}",
            since=(NOON + number * DAY).isoformat(), events=len(rows), event_ids=0,
            first_event_at=min(moments), last_event_at=max(moments), currency="EUR",
            order_ids=sum(row["order_id"] is not None for row in rows), keyed_ids=True,
        )  # fmt: skip
        self.events.write(record, [path])
        self.events.commit(record)

    def read(self, *people: str, zone: str = "UTC", today: dt.date = TODAY) -> Any:
        keys = np.array(people, "S36")
        return purchases_since(
            self.events, customers=keys, since=SINCE, today=today, time_zone=zone,
            memory_limit_mb=256,
        )  # fmt: skip


def event(key: str, after: dt.timedelta, amount: str, **more: Any) -> dict[str, Any]:
    kind = "PURCHASED" if Decimal(amount) > 0 else "REFUNDED"
    return dict.fromkeys(EVENTS.names) | {
        "customer_key": key, "event": kind, "occurred_at": NOON + after,
        "amount": Decimal(amount), **more,
    }  # fmt: skip


def rows(known: Any) -> list[tuple[str, int, float, bool]]:
    made = known.rows
    first = (SINCE - EPOCH).days
    return sorted(
        zip(
            (key.decode() for key in made.customer_key), (made.day - first).tolist(),
            made.amount.tolist(), made.is_order.tolist(), strict=True,
        )
    )  # fmt: skip


def test_days_with_money_of_the_people_since_the_first_day(store):
    store.add(
        event("ann", 0 * DAY, "10.00"),
        event("ann", 0 * DAY + dt.timedelta(hours=1), "5.00"),
        event("ann", 3 * DAY, "-4.00"),
        event("ann", -1 * DAY, "99.00"),
        event("bo", 2 * DAY, "7.50"),
        event("cy", 2 * DAY, "1.00"),
    )
    known = store.read("ann", "bo", "bo", "nobody")
    assert rows(known) == [("ann", 0, 15.0, True), ("ann", 3, -4.0, False), ("bo", 2, 7.5, True)]
    assert known.known_until == SINCE + 2 * DAY  # the refund of the third day is no order


def test_an_order_that_two_uploads_have_counts_once_by_the_newest(store):
    store.add(event("ann", 0 * DAY, "10.00", order_id="o1"), event("bo", DAY, "1.00"))
    store.add(event("ann", 0 * DAY, "12.00", order_id="o1"), event("bo", DAY, "1.00"))
    assert rows(store.read("ann", "bo")) == [("ann", 0, 12.0, True), ("bo", 1, 1.0, True)]


def test_days_are_the_shops(store):
    store.add(event("ann", dt.timedelta(hours=13), "10.00"))  # 1 a.m. UTC
    assert rows(store.read("ann", zone="America/New_York")) == [("ann", 0, 10.0, True)]
    assert rows(store.read("ann", zone="UTC")) == [("ann", 1, 10.0, True)]


def test_today_is_not_known_yet(store):
    store.add(event("ann", 2 * DAY, "10.00"), event("ann", 1 * DAY, "5.00"))
    assert rows(store.read("ann", today=SINCE + 2 * DAY)) == [("ann", 1, 5.0, True)]


def test_purchases_are_known_before_the_day_of_the_last_order(store):
    seen = event("bo", 9 * DAY, "0.00") | {"event": "VIEWED"}
    store.add(event("ann", 2 * DAY + dt.timedelta(hours=13), "10.00"), seen)
    assert store.read("ann").known_until == SINCE + 3 * DAY
    assert store.read("ann", zone="America/New_York").known_until == SINCE + 2 * DAY


def test_events_without_an_order_say_nothing_about_orders(store):
    store.add(event("bo", DAY, "0.00") | {"event": "VIEWED"})
    assert store.read("bo").known_until is None


def test_a_shop_without_events_has_no_purchases(store):
    known = store.read("ann")
    assert (rows(known), known.known_until) == ([], None)
