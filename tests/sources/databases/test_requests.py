"""What a mapping file needs of a database, and the mapping that is proposed."""

from __future__ import annotations

import pytest

from tessera.errors import InvalidInput
from tessera.sources.databases.proposed import proposed_mapping
from tessera.sources.databases.requests import requests_of
from tessera.sources.databases.tables import DatabaseTable, TableColumn, TableRequest, resolved
from tessera.sources.tables.mapping import read_mappings

ORDERS = """
[orders]
updated_at = "changed_at"
optional = ["currency"]
EventID = "'orders/' || id"
EventName = "'PURCHASED'"
CustomerID = "buyer.number"
Date = "placed_at"
Amount = "total"
Currency = "currency"
[orders.lookups.buyer]
object = "crm.buyers"
key = ["id"]
by = ["buyer_id"]
"""


def table(*columns: str, key: tuple[str, ...] = ("id",), **types: str) -> DatabaseTable:
    return DatabaseTable(
        schema="public",
        name="orders",
        primary_key=key,
        columns=tuple(
            TableColumn(
                name=name,
                type_name=types.get(name, "text"),
                type_id=1184 if "time zone" in types.get(name, "") else 25,
            )
            for name in columns
        ),
    )


def test_a_mapping_reads_its_columns_and_those_of_its_lookups() -> None:
    orders, buyers = requests_of(read_mappings(ORDERS, name="shop.toml"))

    assert (orders.full_name, orders.updated_at) == ("public.orders", "changed_at")
    assert {*orders.columns} == {"id", "placed_at", "total", "currency", "buyer_id"}
    assert (buyers.full_name, buyers.key) == ("crm.buyers", ("id",))
    assert {*buyers.columns} == {"id", "number"}


def test_an_optional_column_may_be_missing_from_the_table() -> None:
    request = TableRequest(
        schema="public", table="orders", columns=("total", "currency"), optional=("currency",)
    )

    read, key = resolved(request, [table("id", "total", "note")])

    assert (read.column_names, key) == (("id", "total"), ("id",))


def test_two_tables_of_one_name_would_be_one_upload() -> None:
    orders = read_mappings(ORDERS, name="shop.toml")["orders"]

    with pytest.raises(InvalidInput, match="would be one upload, database-orders"):
        requests_of({"orders": orders, "old.orders": orders})


def test_a_proposal_is_a_mapping_that_can_be_read() -> None:
    orders = table(
        "id", "customer_id", "placed_at", "total", "updated_at",
        placed_at="timestamp with time zone", updated_at="timestamp with time zone",
    )  # fmt: skip
    rows = [[str(n), f"C{n}", "2026-11-01 10:00:00", "12.50", "2026-11-02"] for n in range(9)]

    text = proposed_mapping([(orders, rows)])

    mapping = read_mappings(text, name="proposal")["orders"]
    assert (mapping.key, mapping.updated_at) == (("id",), "updated_at")
    assert "Date = \"placed_at || 'Z'\"" in text


def test_a_proposal_says_what_no_column_looks_like() -> None:
    text = proposed_mapping([(table("who", "total", key=()), [["x", "1.50"], ["y", "2.50"]])])

    assert '# CustomerID = "…"' in text
    assert "no primary key" in text


def test_a_table_without_any_of_it_is_not_proposed() -> None:
    assert "[" not in proposed_mapping([(table("id", "note"), [["1", "words"]])])
