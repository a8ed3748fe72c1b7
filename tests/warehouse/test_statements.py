"""What is run on Redshift: in order, again and again, and never by itself."""

from __future__ import annotations

import re

import pytest
import sqlglot
from pg8000.exceptions import DatabaseError

from tessera.errors import InvalidInput
from tessera.warehouse.redshift.statements import (
    ORDER_COLUMNS,
    LoadedTable,
    clear,
    load,
    refresh,
    setup,
    sum_orders,
    unload,
)
from tessera.warehouse.views import VIEWS
from tests.destinations.redshift_place import COPIED, COUNT

ALL = setup(database="tessera_dev", stream_name="tessera-dev-events", customers_schema="crm")


def texts(statements):
    return {one.name: " ".join(one.texts) for one in statements}


def test_schemas_come_before_the_views_that_read_them():
    names = [one.name for one in ALL]
    views = [f"view {one.name}" for one in VIEWS]
    assert names == [
        "schema", "catalog", *views, "stream", "stream_events", "customer_activity",
    ]  # fmt: skip
    made = texts(ALL)
    assert "FROM DATA CATALOG DATABASE 'tessera_dev'" in made["catalog"]
    assert "FROM catalog.profiles" in made["view runs"]
    assert "JOIN catalog.latest_runs" in made["view runs"]
    assert "JOIN tessera.runs" in made["view customers"]
    assert "FROM catalog.events" in made["view orders"]
    assert "FROM catalog.events" in made["view clicks"]
    assert 'stream."tessera-dev-events"' in made["stream_events"]
    assert "JOIN crm.customers" in made["customer_activity"]


def test_a_view_of_the_stream_never_refreshes_by_itself():
    """Automatic refresh keeps 4 RPU awake, which is about $1,095 a month."""
    written = [text for one in [*ALL, refresh()] for text in one.texts]
    made = [text for text in written if "CREATE MATERIALIZED VIEW" in text]
    assert len(made) == 1
    assert all("AUTO REFRESH NO" in text for text in made)
    assert not [text for text in written if re.search(r"AUTO REFRESH YES", text, re.IGNORECASE)]
    assert refresh().texts == ("REFRESH MATERIALIZED VIEW tessera.stream_events",)


def test_only_what_redshift_cannot_ask_first_may_exist_already():
    assert [one.name for one in ALL if one.once] == ["stream_events"]
    again = re.compile(r"IF NOT EXISTS|CREATE OR REPLACE VIEW")
    assert all(again.search(one.texts[0]) for one in ALL if not one.once)


def test_without_a_stream_there_is_nothing_of_it():
    made = setup(database="tessera_dev")
    assert not [one for one in made if "stream" in " ".join(one.texts)]


def test_a_load_replaces_a_tenants_rows_in_one_transaction():
    table = LoadedTable.parse("database-orders=EventID,CustomerID")
    create, replace = load(table, tenant="acme", manifest="s3://b/orders.manifest")
    columns = '"EventID" varchar(65535), "CustomerID" varchar(65535)'
    assert create.texts == (
        f'CREATE TABLE IF NOT EXISTS tessera."database-orders" ("tenant" varchar(48), {columns})',
    )
    stage, copy, delete, insert, unstage = replace.texts
    assert stage == f"CREATE TEMP TABLE loaded ({columns})"
    assert "FROM 's3://b/orders.manifest'" in copy
    assert copy.endswith("FORMAT AS PARQUET MANIFEST")
    assert delete == 'DELETE FROM tessera."database-orders" WHERE "tenant" = \'acme\''
    assert insert.endswith('SELECT \'acme\', "EventID", "CustomerID" FROM loaded')
    assert unstage == "DROP TABLE loaded"
    assert clear(table, tenant="acme").texts == (*create.texts, delete)


def test_a_load_is_undone_unless_copy_loaded_the_rows_that_its_source_counted(postgres):
    """The words come from the database, as a batch of statements has no other way to say them."""
    table = LoadedTable.parse("database-orders=EventID")
    _, counted = load(table, tenant="acme", manifest="s3://b/m", rows=3)
    _, copy, check, delete, *_ = counted.texts
    assert (copy.split()[0], delete.split()[0]) == ("COPY", "DELETE")
    with postgres.owner() as connection:
        connection.run(COUNT)
        for loaded in (3, 2):
            connection.run(f"SET {COPIED} TO '{loaded}'")
            if loaded == 3:
                assert connection.run(check) == ([0],)
            else:
                with pytest.raises(DatabaseError, match="COPY loaded 2 of 3 rows"):
                    connection.run(check)


@pytest.mark.parametrize("text", ["orders", "Orders=A", "orders=", "orders=A;B", "a/b=A", "=A"])
def test_a_load_of_another_form_is_refused(text):
    with pytest.raises(InvalidInput, match="upload folder and the columns"):
        LoadedTable.parse(text)


def test_orders_go_back_encrypted_in_the_contracts_columns():
    [text] = unload("shop.public.orders", folder="s3://b/f/1-", key="arn:key").texts
    assert 'FROM "shop"."public"."orders"' in text
    assert text.startswith('UNLOAD (\'SELECT "EventID", "CustomerID", "Date"')
    assert "TO 's3://b/f/1-'" in text
    assert "KMS_KEY_ID 'arn:key'" in text
    [text] = unload("orders", folder="f", key="k", tenant="acme", tenant_column="shop").texts
    assert """ FROM "orders" WHERE "shop" = ''acme'')'""" in text.replace("')\n", ")'\n")
    with pytest.raises(InvalidInput, match="no table"):
        unload("orders'; DROP", folder="f", key="k")


def test_a_sum_differs_for_other_rows_in_any_order():
    [text] = sum_orders("shop.orders", tenant_column="shop_id").texts
    assert text.startswith('SELECT "shop_id" AS tenant, count(*) AS orders')
    assert text.count("fnv_hash(") == len(ORDER_COLUMNS)
    assert sqlglot.parse_one(text, read="redshift").find(sqlglot.exp.Group)
    assert sum_orders("shop.orders", tenant_column="").texts[0].startswith("SELECT 'default' AS")
