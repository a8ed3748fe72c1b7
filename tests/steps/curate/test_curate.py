"""Change files become an upload that is replaced as a whole, and nothing is lost in silence."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest

from adapters.aws.objects import Objects
from steps.curate.source import CuratedSource, database_source, pulled_source
from tessera import naming
from tessera.errors import InvalidInput
from tessera.sources.tables.mapping import read_mappings
from tests.steps.curate.tables import ChangeTable, buckets, curated, uploaded

MAPPING = """
[orders]
key = ["id"]
keep = "status = 'paid'"
optional = ["currency"]
EventID = "'orders/' || id"
CustomerID = "customer"
Date = "placed"
Amount = "total"
Currency = "currency"
"""
ORDERS = database_source(
    "default", table="orders", mapping=read_mappings(MAPPING, name="shop.toml")["orders"]
)


def order(id_: str, *, total: object = "9.50", status: str = "paid", customer: object = "C1"):
    row = {"id": id_, "customer": customer, "placed": "2026-10-01", "total": total}
    return {**row, "status": status}


@pytest.fixture
def shop(aws_environment):
    with buckets() as (data, identities):
        yield data, identities, ChangeTable(identities, ORDERS.raw)


def keys(data: Objects) -> list[str]:
    return list(data.keys("uploads/"))


def test_present_rows_become_the_upload_in_the_contracts_columns_and_all_are_counted(shop) -> None:
    data, identities, table = shop
    table.load([order("1"), order("2"), order("3"), order("4", status="open")])
    table.change(("U", order("1", total="7.00")), ("D", order("2")), second=2)

    record = curated(ORDERS, data, identities)

    assert [(row["EventID"], row["Amount"]) for row in uploaded(ORDERS, data)] == [
        ("orders/1", "7.00"),
        ("orders/3", "9.50"),
    ]
    assert {**uploaded(ORDERS, data)[0]}.keys() == {
        "EventID", "CustomerID", "Date", "Amount", "Currency",
    }  # fmt: skip
    assert dataclasses.asdict(record) == {
        "tenant": "default", "source": "database-orders", "outcome": "written", "files": 2,
        "changes": 6, "keys": 4, "deleted": 1, "vanished": 0, "standing": 3, "rows": 3,
        "omitted": 1, "written": 2, "parts": 1, "no_numbers": 0, "changed_types": {},
        "snapshot": 0, "compacted": 0,
    }  # fmt: skip
    assert naming.FOLDER_COMPLETE in keys(data)[0]
    assert data.read_json(keys(data)[0])["rows"] == 2


def test_the_same_content_from_other_files_starts_no_run(shop) -> None:
    data, identities, table = shop
    table.load([order("1"), order("2")])
    curated(ORDERS, data, identities)
    before = {key: data.head(key)["LastModified"] for key in keys(data)}

    # The same file twice, and a change that changes nothing of what is mapped.
    table.load([order("1"), order("2")], number=2)
    table.change(("U", order("2")), second=3)
    record = curated(ORDERS, data, identities)

    assert (record.outcome, record.changes, record.written) == ("unchanged", 5, 2)
    assert {key: data.head(key)["LastModified"] for key in keys(data)} == before


def test_a_late_file_of_earlier_changes_changes_nothing(shop) -> None:
    data, identities, table = shop
    table.load([order("1")])
    table.change(("U", order("1", total="8.00")), second=9)
    curated(ORDERS, data, identities)

    table.change(("U", order("1", total="1.00")), second=4, name="20261128-late.parquet")

    assert curated(ORDERS, data, identities).outcome == "unchanged"


def test_parts_are_bounded_and_hold_all_rows_in_one_order(shop) -> None:
    data, identities, table = shop
    table.load([order(f"{number:05d}") for number in range(2_500)])

    record = curated(ORDERS, data, identities, rows_per_part=1_000)

    ids = [row["EventID"] for row in uploaded(ORDERS, data)]
    assert (record.parts, len(ids)) == (3, 2_500)
    assert ids == sorted(ids)


def test_a_table_without_rows_that_count_withdraws_what_was_uploaded(shop) -> None:
    data, identities, table = shop
    table.load([order("1")])
    curated(ORDERS, data, identities)
    table.change(("D", order("1")), second=5)

    records = [curated(ORDERS, data, identities) for _ in range(2)]

    assert [each.outcome for each in records] == ["withdrawn", "unchanged"]
    assert uploaded(ORDERS, data) == []


def test_a_truncated_tables_folder_withdraws_and_an_unknown_tables_is_refused(shop) -> None:
    data, identities, table = shop
    with pytest.raises(
        InvalidInput, match="database-orders: there is no change file at s3://ident"
    ):
        curated(ORDERS, data, identities)
    table.load([order("1")])
    curated(ORDERS, data, identities)
    identities.delete_prefix(ORDERS.raw)

    assert curated(ORDERS, data, identities).outcome == "withdrawn"


def test_typed_columns_are_read_as_text_and_a_changed_type_is_named(shop) -> None:
    data, identities, table = shop
    table.load([order("1", total=Decimal("9.50"), customer=7)])
    table.change(("I", {**order("2", total="3.00"), "placed": dt.date(2026, 10, 2)}), second=2)

    record = curated(ORDERS, data, identities)

    assert [tuple(row.values())[1:4] for row in uploaded(ORDERS, data)] == [
        ("7", "2026-10-01", "9.50"),
        ("C1", "2026-10-02", "3.00"),
    ]
    assert record.changed_types == {
        "customer": "int64, string",
        "placed": "date32[day], string",
        "total": "decimal128(3, 2), string",
    }


def test_what_is_pulled_passes_as_it_is_and_an_order_has_several_rows(shop) -> None:
    data, identities, _ = shop
    source = pulled_source("acme", name="shopify-orders")
    table = ChangeTable(identities, source.raw)
    first = {"source_key": "1", "EventID": "1/sale", "Amount": "9"}
    rows = [first, {**first, "EventID": "1/refund", "Amount": "-2"}]
    table.write("20261128-1.parquet", [("U", row) for row in rows], second=1)

    record = curated(source, data, identities)

    assert (record.keys, record.rows) == (1, 2)
    assert uploaded(source, data) == [
        {"EventID": "1/refund", "Amount": "-2"},
        {"EventID": "1/sale", "Amount": "9"},
    ]


LINES = """
[lines]
key = ["id", "line"]
EventID = "id || '/' || line"
CustomerID = "coalesce(head.customer, 'nobody')"
Date = "head.placed"
Amount = "number(price) * number(pieces)"
[lines.lookups.head]
object = "orders"
key = ["id"]
by = ["id"]
"""


def lines_source(text: str = LINES) -> CuratedSource:
    mapping = read_mappings(text, name="shop.toml")["lines"]
    return database_source("default", table="lines", mapping=mapping)


def test_rows_find_one_row_of_another_table(shop) -> None:
    data, identities, table = shop
    table.load([order("1", customer="ann")])
    line = {"id": "1", "line": "1", "price": "2.50", "pieces": "2"}
    lost = {"id": "9", "line": "1", "price": "x", "pieces": "1"}
    ChangeTable(identities, lines_source().raw).load([line, lost])

    record = curated(lines_source(), data, identities)

    assert record.no_numbers == 1
    assert uploaded(lines_source(), data) == [
        {"EventID": "1/1", "CustomerID": "ann", "Date": "2026-10-01", "Amount": "5.0000"},
        {"EventID": "9/1", "CustomerID": "nobody", "Date": None, "Amount": None},
    ]


def test_a_lookup_whose_key_repeats_is_refused(shop) -> None:
    data, identities, table = shop
    table.load([order("1"), order("2")])
    ChangeTable(identities, lines_source().raw).load(
        [{"id": "1", "line": "1", "price": "1", "pieces": "1"}]
    )
    source = lines_source(LINES.replace('key = ["id"]\nby', 'key = ["customer"]\nby'))

    with pytest.raises(InvalidInput, match="1 key of the lookup head have several rows"):
        curated(source, data, identities)


@pytest.mark.parametrize(
    ("source", "rows", "words"),
    [
        (dataclasses.replace(ORDERS, key=()), [order("1")], "has no primary key, .* add key ="),
        (dataclasses.replace(ORDERS, key=("no",)), [order("1")], "files lack no of the key"),
        (ORDERS, [{"id": "1"}], r"shop.toml \[orders\]: keep reads the column 'status'"),
        (ORDERS, [{**order("1"), "id": None}], r"1 row of 1 have no value in the key \(id\)"),
        (ORDERS, [{**order("1"), "ID": "1"}], "'id' and 'ID' differ in case alone"),
    ],
)
def test_what_cannot_be_curated_is_refused_with_what_to_do(shop, source, rows, words) -> None:
    data, identities, table = shop
    table.load(rows)

    with pytest.raises(InvalidInput, match=words):
        curated(source, data, identities)
    assert keys(data) == []


def test_files_without_the_columns_of_changes_are_refused_with_the_settings_of_dms(shop) -> None:
    data, identities, table = shop
    table.write("20261128-1.parquet", [("X", order("1"))], second=1, sequenced=True)
    with pytest.raises(InvalidInput, match="1 row of 1 have another Op than I, U and D"):
        curated(ORDERS, data, identities)

    identities.write(f"{ORDERS.raw}half.parquet", b"PAR1 half a file")
    with pytest.raises(InvalidInput, match=r"half\.parquet is no whole Parquet file"):
        curated(ORDERS, data, identities)
