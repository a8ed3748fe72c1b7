"""Order and event ids are readable in the identities bucket only, also those stored long ago."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest

from adapters.stores.events import EventStore, UploadRecord
from adapters.tables.parquet import arrow_schema, write_table
from tessera import naming
from tessera.contracts.tables import EVENTS
from tessera.events.pseudonym import customer_keys, id_keys

HEADER = "EventName,CustomerID,OrderID,EventID,Date,Amount\n"
ORDERS = HEADER + (
    "PURCHASED,a,order-4711,event-4711,2026-01-10,10\nPURCHASED,b,order-4712,,2026-01-11,20\n"
    "VIEWED,b,,event-4712,2026-01-11,0\n"
)
SECRET = b"a secret for tests"  # of the shop


def readable_in(shop, bucket) -> set[str]:
    rows = shop.rows(bucket, "tenants/")
    return {str(value) for row in rows for value in row.values() if "-471" in str(value)}


def test_the_events_have_keys_and_the_identities_bucket_the_readable_ids(shop):
    shop.upload("orders.csv", ORDERS)
    assert readable_in(shop, shop.data) == set()
    assert readable_in(shop, shop.identities) == {
        "order-4711", "order-4712", "event-4711", "event-4712",
    }  # fmt: skip
    rows = shop.rows(shop.identities, naming.order_ids_prefix("default"))
    order_key = id_keys(SECRET, tenant="default", column="order_id")
    assert {"kind": "order_id", "key": order_key("order-4711"), "id": "order-4711"} in rows
    events = shop.rows(shop.data, naming.events_prefix("default"))
    assert order_key("order-4711") in {row["order_id"] for row in events}
    assert None in {row["order_id"] for row in events}


def test_a_replaced_upload_leaves_no_readable_ids_behind(shop):
    shop.upload("orders.csv", ORDERS)
    shop.upload("orders.csv", ORDERS.replace("-471", "-472"))
    assert readable_in(shop, shop.identities) == set()


def test_a_file_without_such_ids_stores_none(shop):
    shop.upload("orders.csv", "CustomerID,Date,Amount\na,2026-01-10,5\n")
    assert not shop.identities.sizes(naming.order_ids_prefix("default"))


@pytest.fixture
def old_shop(shop):
    """A history as the version before this one stored it: readable ids, fewer facts."""
    key_of = customer_keys(SECRET, tenant="default")
    store = EventStore(shop.data, tenant="default")
    for name, moment, rows in (
        ("one.csv", "2026-01-01", [("a", "order-4711", None, 10), ("b", "order-4712", None, 20)]),
        ("two.csv", "2026-02-01", [("a", "order-4711", "event-4711", 15), ("b", None, None, 3)]),
    ):
        at = dt.datetime(2026, 1, 10, tzinfo=dt.UTC)
        table = pa.Table.from_pylist(
            [
                {
                    "customer_key": key_of(customer), "event": "PURCHASED", "occurred_at": at,
                    "amount": Decimal(amount), "order_id": order, "event_id": event,
                }
                for customer, order, event, amount in rows
            ],
            schema=arrow_schema(EVENTS),
        )  # fmt: skip
        path = write_table(shop.folder / name, table, EVENTS)
        record = UploadRecord(
            id=name, name=f"uploads/{name}", content="c0", since=moment, events=2, event_ids=1,
            first_event_at=at.isoformat(), last_event_at=at.isoformat(), currency="",
        )  # fmt: skip
        store.write(record, [path])
        store.commit(record)
        values = dataclasses.asdict(record)
        for later in ("order_ids", "stored_at", "keyed_ids", "run_id"):
            del values[later]
        shop.data.write_json(naming.events_prefix("default", name) + "_upload.json", values)
    return shop


def test_a_history_of_an_earlier_version_is_converted_once(old_shop):
    assert readable_in(old_shop, old_shop.data)
    record = old_shop.run()
    assert record.history.converted_uploads == 2
    assert (record.monetary, record.orders) == ("38.00", 3), "the second upload's order is newer"
    assert readable_in(old_shop, old_shop.data) == set()
    assert readable_in(old_shop, old_shop.identities) == {"order-4711", "order-4712", "event-4711"}
    before = old_shop.stored()
    again = old_shop.run()
    assert (again.history.converted_uploads, again.monetary) == (0, "38.00")
    assert old_shop.stored() == before


def test_a_run_that_fails_after_the_conversion_leaves_the_converted_history(old_shop):
    old_shop.upload("two.csv", ORDERS, ending="failed")
    record = old_shop.run()
    assert (record.history.converted_uploads, record.monetary) == (0, "38.00")
    assert readable_in(old_shop, old_shop.identities) == {"order-4711", "order-4712", "event-4711"}


def test_an_upload_after_the_conversion_knows_the_orders_of_before(old_shop):
    old_shop.run()
    record = old_shop.upload("three.csv", HEADER + "PURCHASED,b,order-4712,,2026-01-10,25\n")
    assert record.history.known_orders == 1
    assert record.monetary == "43.00"


def test_a_conversion_that_ends_half_way_is_finished_by_the_next_run(old_shop, monkeypatch):
    written = EventStore.write
    calls = []

    def write_once(self, record, files):
        calls.append(record.id)
        if len(calls) > 1:
            raise OSError("the machine went away")
        return written(self, record, files)

    monkeypatch.setattr(EventStore, "write", write_once)
    with pytest.raises(OSError, match="went away"):
        old_shop.run()
    monkeypatch.setattr(EventStore, "write", written)
    record = old_shop.run()
    assert (record.history.converted_uploads, record.monetary) == (1, "38.00")
    assert readable_in(old_shop, old_shop.data) == set()
