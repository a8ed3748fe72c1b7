"""Curate, run as Glue runs it: a script with arguments, and equal bytes on both engines."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from glue_jobs import curate
from steps.curate.source import database_source
from tessera import naming
from tessera.errors import InvalidInput
from tessera.sources.tables.mapping import read_mappings
from tests.steps.curate.tables import ChangeTable

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


def test_a_table_that_no_mapping_names_is_refused_with_those_that_one_names(shop):
    with pytest.raises(InvalidInput, match=r"'carts' has no section .*it has shop\.orders"):
        curate.main(arguments("duckdb", source="database-carts"))


@pytest.mark.spark
def test_spark_writes_the_same_bytes(shop, spark):
    curate.main(arguments("duckdb"))
    once = upload(shop)
    shop.delete_prefix("uploads/")

    assert spark.call("glue_jobs.curate:main", arguments("spark")).error is None
    assert upload(shop) == once
