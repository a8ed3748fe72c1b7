"""Curate, run as Glue runs it: a script with arguments, and equal bytes on both engines."""

from __future__ import annotations

import datetime as dt
import json
import time
from decimal import Decimal

import boto3
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from adapters.aws.objects import Objects
from glue_jobs import curate
from steps.curate.expired import check_raw
from steps.curate.source import CuratedSource, database_source
from tessera import naming
from tessera.errors import InvalidInput
from tessera.sources.tables.mapping import read_mappings
from tests.steps.curate.tables import ChangeTable

ORDERS = "tenants/default/raw/database/shop/orders/"
MAPPING = """
["shop.orders"]
key = ["id", "region"]
keep = "status IN ('paid', 'refunded') AND NOT (lower(status) LIKE 'x%')"
optional = ["note"]
EventID = "'orders/' || region || '/' || id"
CustomerID = "coalesce(nullif(trim(customer), ''), 'nobody')"
Date = "substr(placed, 1, 4) || '-' || substr(placed, 5, 2) || '-' || substr(placed, 7, 2)"
EventName = "CASE WHEN status = 'refunded' THEN 'REFUNDED' ELSE 'PURCHASED' END"
Amount = "number(total) - number(discount) * 2"
Currency = "upper(split_part(money, ' ', 2))"
ProductCode = "lpad(text(length(note)), 8, '0')"
Username = "person.name"
["shop.orders".lookups.person]
object = "shop.people"
key = ["id"]
by = ["customer"]
"""


def arguments(engine: str, *, source: str = "database-orders") -> list[str]:
    given = {"tenant": "default", "source": source, "data_bucket": "data"}
    given |= {"identities_bucket": "identities", "engine": engine}
    words = [word for name, value in given.items() for word in (f"--{name}", value)]
    return [*words, "--JOB_NAME", "curate"]


@pytest.fixture
def shop(buckets):
    data, identities = buckets
    data.write(naming.source_mappings_key("default", "database"), MAPPING.encode())
    mapping = read_mappings(MAPPING, name="shop")["shop.orders"]
    source = database_source("default", table="shop.orders", mapping=mapping)
    orders = ChangeTable(identities, source.raw)
    rows = [
        {
            "id": f"{number % 40}",
            "region": "eu" if number % 3 else "Žilina's",
            "customer": None if number % 11 == 0 else f"C{number % 7}",
            "placed": f"202601{1 + number % 28:02d}",
            "total": "n/a" if number % 13 == 0 else f"{number}.5",
            "discount": Decimal(number % 4),
            "money": f"{number} eur",
            "status": ("paid", "refunded", "open", "Xpaid")[number % 4],
        }
        for number in range(120)
    ]
    orders.load(rows[:60])
    orders.change(*(("U", row) for row in rows[60:110]), second=3)
    orders.change(*(("D", row) for row in rows[110:]), second=4)
    people = ChangeTable(identities, source.lookups["person"])
    people.load([{"id": f"C{number}", "name": f"Person {number}"} for number in range(5)])
    return data


def upload(data) -> dict[str, bytes]:
    prefix = "uploads/default/database-orders/"
    return {key: data.read(key) for key in data.keys(prefix) if key.endswith(".parquet")}


def test_the_job_writes_the_upload_and_what_it_came_to(shop, capsys):
    curate.main(arguments("duckdb"))

    record = json.loads(shop.read(naming.curate_record_key("default", "database-orders")))
    assert (record["outcome"], record["changes"]) == ("written", 120)
    assert record["keys"] == record["deleted"] + record["vanished"] + record["standing"]
    assert record["changed_types"] == {}
    assert len(upload(shop)) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[-1]["written"] == record["written"] > 20


INVOICES = """id,name,move_type,state,invoice_date,partner_id/id,amount_untaxed
m1,INV/1,out_invoice,posted,2026-01-05,p7,1.0
m2,INV/2,out_invoice,posted,2026-01-06,p8,2.0
"""


def create_bucket(name: str, *, region: str = "") -> None:
    place = {"CreateBucketConfiguration": {"LocationConstraint": region}} if region else {}
    client = boto3.client("s3", region_name=region) if region else boto3.client("s3")
    client.create_bucket(Bucket=name, **place)


@pytest.fixture
def exports(buckets):
    """A bucket of the user's with an export of deals."""
    objects = Objects("exports-of-the-shop")
    create_bucket(objects.bucket)
    objects.write("crm/odoo-invoices/2026-11-28/invoices.csv", INVOICES.encode())
    return objects


def exports_arguments(exports, *, prefix: str = "crm/") -> list[str]:
    own = ["--exports_bucket", exports.bucket, "--exports_prefix", prefix]
    return [*arguments("duckdb", source="crm-odoo-invoices"), *own]


def test_exports_in_a_bucket_of_the_users_are_copied_once(buckets, exports, capsys):
    for _ in range(2):
        curate.main(exports_arguments(exports))

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    copied = [line for line in lines if line["message"] == "copied"]
    assert [(line["files"], line["rows"]) for line in copied] == [(1, 2), (0, 0)]
    data, identities = buckets
    assert len([*identities.keys("tenants/default/raw/crm/odoo-invoices/")]) == 1
    record = json.loads(data.read(naming.curate_record_key("default", "crm-odoo-invoices")))
    assert (record["outcome"], record["written"]) == ("unchanged", 2)
    assert len([*exports.keys("")]) == 1


def test_a_bucket_in_another_region_is_refused_before_anything_is_read(buckets):
    create_bucket("exports-elsewhere", region="eu-central-1")
    with pytest.raises(
        InvalidInput, match=r"crm\.source_bucket exports-elsewhere is in eu-central-1.* us-east-1"
    ):
        curate.main(exports_arguments(Objects("exports-elsewhere")))


def test_a_bucket_that_is_gone_is_named(buckets):
    with pytest.raises(InvalidInput, match="s3://exports-gone does not exist"):
        curate.main(exports_arguments(Objects("exports-gone")))


def test_a_table_that_no_mapping_names_is_refused_with_those_that_one_names(shop):
    with pytest.raises(InvalidInput, match=r"'carts' has no section .*it has shop\.orders"):
        curate.main(arguments("duckdb", source="database-carts"))


def snapshot(identities) -> list[dict[str, str | None]]:
    keys = identities.keys(f"{ORDERS}snapshot-")
    tables = [pq.read_table(pa.BufferReader(identities.read(key))) for key in keys]
    rows = [row for table in tables for row in table.to_pylist()]
    return sorted(rows, key=str)


def test_a_table_whose_files_expired_is_refused_until_it_is_loaded_again(shop, buckets):
    _, identities = buckets
    curate.main([*arguments("duckdb"), "--raw_days", "90"])
    source = CuratedSource(tenant="default", name="database-orders", raw=ORDERS, key=("id",))
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=91)

    def check(raw_days: int) -> None:
        check_raw(source, data=shop, identities=identities, raw_days=raw_days, now=later)

    for days in (0, 100):
        check(days)
    with pytest.raises(InvalidInput, match=r"read last on 20.* expire after 90 days .*load it aga"):
        check(90)
    time.sleep(1)  # the embedded AWS knows whole seconds
    identities.write(f"{ORDERS}LOAD00000009.parquet", b"")
    check(90)


@pytest.mark.spark
def test_spark_writes_the_same_bytes_and_keeps_the_same_changes(shop, buckets, spark):
    _, identities = buckets
    raw = {key: identities.read(key) for key in identities.keys(ORDERS)}
    curate.main(arguments("duckdb"))
    once, kept = upload(shop), snapshot(identities)
    for bucket, prefix in ((shop, "uploads/"), (identities, ORDERS)):
        bucket.delete_prefix(prefix)
    for key, body in raw.items():
        identities.write(key, body)

    assert spark.call("glue_jobs.curate:main", arguments("spark")).error is None
    assert upload(shop) == once
    assert snapshot(identities) == kept != []
