"""The warehouse is brought up to date, and orders come back as an upload."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from adapters.stores.upload_folder import UploadFolder
from steps.warehouse.run_sql import WarehousePlan, run_warehouse_sql
from tessera.errors import InvalidInput
from tessera.warehouse.redshift.statements import LoadedTable
from tests.bucket_in_memory import BucketInMemory

NOW = dt.datetime(2026, 11, 30, 6, 20, tzinfo=dt.UTC)
BACK = "uploads/default/redshift-orders/"
LOADED = LoadedTable(folder="database-orders", columns=("EventID", "CustomerID"))


class FakeRedshift:
    """Notes statements. An UNLOAD writes parts to its address. ``sums`` are its orders."""

    def __init__(self, data, *, sums=(("default", "2", "77"),), fails=""):
        self.data, self.sums, self.fails, self.ran, self.hours = data, sums, fails, [], []

    def run(self, statement):
        if statement.name == self.fails:
            raise InvalidInput("Redshift could not run it")
        self.ran.append(statement)
        if statement.name == "unload_orders":
            to = statement.texts[0].partition("TO 's3://data/")[2].partition("'")[0]
            self.data.write(f"{to}0000_part_00.parquet", b"rows")

    def query(self, statement):
        self.ran.append(statement)
        return list(self.sums)

    def ensure(self, hours):
        self.hours.append(hours)
        return True

    @property
    def names(self):
        return [one.name for one in self.ran]


def bring(redshift, data, *, now=NOW, tenants=(), **plan):
    wanted = {
        "catalog": "tessera_dev", "stream": "", "customers_schema": "", "loads": (), "orders": "",
        "key_arn": "arn:key", "rpu_hours": 60,
    }  # fmt: skip
    plan = WarehousePlan(**{**wanted, **plan})
    return run_warehouse_sql(
        plan, sql=redshift, limit=redshift, data=data, tenants=tenants, now=now
    )


def test_the_limit_comes_first_and_the_stream_last():
    data = BucketInMemory()
    redshift = FakeRedshift(data)
    report = bring(redshift, data, stream="tessera-dev-events")
    assert redshift.hours == [60]
    assert redshift.names[:2] == ["schema", "catalog"]
    assert redshift.names[-2:] == ["stream_events", "refresh"]
    assert report.statements == len(redshift.ran)
    assert not report.orders
    assert not data.bodies


def test_a_folder_is_loaded_by_the_parts_that_count():
    data = BucketInMemory()
    folder = UploadFolder(data, tenant="default", name="database-orders")
    folder.replace({"part-1.parquet": b"one", "part-2.parquet": b"two!"})
    data.write(f"{folder.key}later.parquet", b"not listed")
    redshift = FakeRedshift(data)
    assert bring(redshift, data, loads=(LOADED,)).loaded == ("default/database-orders",)
    manifest = json.loads(data.read("tenants/default/warehouse/database-orders.manifest"))
    assert sorted(one["meta"]["content_length"] for one in manifest["entries"]) == [3, 4]
    assert all(one["mandatory"] for one in manifest["entries"])
    assert all(
        one["url"].startswith("s3://data/uploads/default/database-orders/part-")
        for one in manifest["entries"]
    )
    assert "load of database-orders of default" in redshift.names


def test_a_load_is_checked_by_the_rows_that_its_source_counted():
    data = BucketInMemory()
    folder = UploadFolder(data, tenant="default", name="database-orders")
    for rows, checks in ((7, 1), (None, 0)):
        folder.replace({"part-1.parquet": f"{rows}".encode()}, rows=rows)
        redshift = FakeRedshift(data)
        bring(redshift, data, loads=(LOADED,))
        texts = [text for one in redshift.ran for text in one.texts if "pg_last_copy" in text]
        assert len(texts) == len([text for text in texts if "of 7 rows" in text]) == checks


def test_each_tenants_folder_is_loaded_and_a_wrong_one_stops_no_other():
    data = BucketInMemory()
    for tenant in ("acme", "shop"):
        folder = UploadFolder(data, tenant=tenant, name="database-orders")
        folder.replace({"part-1.parquet": b"one"})
    data.write("uploads/beta/database-orders/_SUCCESS", b"")
    redshift = FakeRedshift(data)
    with pytest.raises(InvalidInput, match="uploads/beta/database-orders/_SUCCESS lists no parts"):
        bring(redshift, data, loads=(LOADED,), tenants=("acme", "beta", "shop"), stream="events")
    loads = [name for name in redshift.names if name.startswith("load of")]
    assert loads == [f"load of database-orders of {tenant}" for tenant in ("acme", "shop")]
    assert redshift.names[-1] == "refresh"
    assert data.exists("tenants/acme/warehouse/database-orders.manifest")


def test_a_folder_that_is_not_there_or_withdrawn_loads_nothing_and_is_listed():
    data = BucketInMemory()
    redshift = FakeRedshift(data)
    assert bring(redshift, data, loads=(LOADED,)).absent == ("default/database-orders",)
    folder = UploadFolder(data, tenant="default", name="database-orders")
    folder.replace({"part-1.parquet": b"one"})
    folder.withdraw()
    assert bring(redshift, data, loads=(LOADED,)).absent == ("default/database-orders",)
    assert not [name for name in redshift.names if name.startswith("load")]
    # Rows that are withdrawn leave the table too.
    assert redshift.names[-1] == "clear of database-orders of default"


def test_a_folder_without_a_list_is_refused():
    data = BucketInMemory()
    data.write("uploads/default/database-orders/_SUCCESS", b"")
    with pytest.raises(InvalidInput, match="lists no parts"):
        bring(FakeRedshift(data), data, loads=(LOADED,))


def test_orders_come_back_as_an_upload_of_new_parts_alone():
    data = BucketInMemory()
    for number, day in enumerate((NOW, NOW + dt.timedelta(days=1))):
        redshift = FakeRedshift(data, sums=[("default", "2", str(number))])
        report = bring(redshift, data, orders="shop.public.orders", now=day)
        assert (report.orders, report.unchanged) == (("default",), ())
    end = json.loads(data.read(f"{BACK}_SUCCESS"))
    assert [one["name"] for one in end["parts"]] == ["20261201062000-0000_part_00.parquet"]
    assert sorted(data.bodies) == [
        "tenants/default/warehouse/redshift-orders.json",
        f"{BACK}20261201062000-0000_part_00.parquet", f"{BACK}_SUCCESS",
    ]  # fmt: skip


def test_orders_that_did_not_change_start_no_run():
    data = BucketInMemory()
    bring(FakeRedshift(data), data, orders="shop.public.orders")
    before = dict(data.bodies)
    redshift, later = FakeRedshift(data), NOW + dt.timedelta(days=1)
    report = bring(redshift, data, orders="shop.public.orders", now=later)
    assert (report.orders, report.unchanged) == ((), ("default",))
    assert "unload_orders" not in redshift.names
    assert data.bodies == before
    assert bring(redshift, data, orders="shop.public.other", now=later).orders == ("default",)


def test_each_tenants_orders_come_back_and_unknown_tenants_are_counted():
    data = BucketInMemory()
    sums = [("acme", "3", "5"), ("default", "2", "77"), ("typo", "1", "9")]
    redshift = FakeRedshift(data, sums=sums)
    report = bring(
        redshift, data, orders="shop.orders", orders_tenant="shop_id", tenants=("acme", "beta")
    )
    assert (report.orders, report.unknown) == (("acme", "default"), 1)
    unloads = [one.texts[0] for one in redshift.ran if one.name == "unload_orders"]
    assert ["''acme''" in unloads[0], "''default''" in unloads[1]] == [True, True]
    assert data.exists("uploads/acme/redshift-orders/_SUCCESS")
    assert not data.exists("uploads/beta/redshift-orders/_SUCCESS")


def test_an_unload_that_fails_leaves_what_counted():
    data = BucketInMemory()
    bring(FakeRedshift(data), data, orders="shop.public.orders")
    before = dict(data.bodies)
    redshift = FakeRedshift(data, fails="unload_orders", sums=[("default", "3", "78")])
    with pytest.raises(InvalidInput):
        bring(redshift, data, orders="shop.public.orders", now=NOW + dt.timedelta(days=1))
    assert data.bodies == before


def test_no_orders_withdraw_what_came_before():
    data = BucketInMemory()
    bring(FakeRedshift(data), data, orders="shop.public.orders")
    later = NOW + dt.timedelta(days=1)
    bring(FakeRedshift(data, sums=()), data, orders="shop.public.orders", now=later)
    assert data.metadata[f"{BACK}_SUCCESS"] == {"withdraw": "yes"}
