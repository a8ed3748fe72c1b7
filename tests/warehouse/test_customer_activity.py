"""The one view with shop ids: its columns, and its rows on DuckDB after sqlglot's translation."""

from __future__ import annotations

import duckdb
import pytest
import sqlglot

from tessera.warehouse.redshift.statements import setup

COLUMNS = [
    "customer_id", "customer_key", "segment", "orders", "revenue", "clv_365d", "p_no_order_90d",
    "events_7d", "last_seen_at",
]  # fmt: skip
MADE = """
CREATE SCHEMA tessera; CREATE SCHEMA crm;
CREATE TABLE tessera.customers (
    customer_key text, segment text, orders int, revenue decimal(18,2), clv_365d decimal(18,2),
    p_no_order_90d double);
INSERT INTO tessera.customers VALUES
    ('k1', 'Champions', 9, 120.50, 40, 0.1), ('k2', 'Lost', 1, 9.99, NULL, NULL);
CREATE TABLE crm.customers (customer_id text, customer_key text);
INSERT INTO crm.customers VALUES ('C1', 'k1'), ('C2', 'k2'), ('C3', 'gone');
CREATE TABLE tessera.stream_events (
    arrived_at timestamp, broken text, event STRUCT("CustomerID" text, "EventName" text));
INSERT INTO tessera.stream_events
SELECT now()::timestamp - INTERVAL (days) DAY, NULL, {'CustomerID': 'C1', 'EventName': 'VIEWED'}
FROM (VALUES (1), (2), (9)) AS ago(days);
INSERT INTO tessera.stream_events VALUES (now()::timestamp, 'no JSON', NULL);
"""


@pytest.fixture(scope="module")
def query():
    made = {
        one.name: one.texts for one in setup(database="d", stream_name="s", customers_schema="crm")
    }
    [text] = made["customer_activity"]
    return sqlglot.parse_one(text, read="redshift").find(sqlglot.exp.Select)


def test_each_customer_has_its_label_its_value_and_the_clicks_of_seven_days(query):
    assert query.named_selects == COLUMNS
    with duckdb.connect() as connection:
        connection.execute(MADE)
        rows = connection.execute(query.sql(dialect="duckdb") + " ORDER BY 1").fetchall()
        [newest] = connection.execute("SELECT max(arrived_at) FROM tessera.stream_events "
                                      "WHERE event IS NOT NULL").fetchone()  # fmt: skip
    assert [row[:3] for row in rows] == [("C1", "k1", "Champions"), ("C2", "k2", "Lost")]
    assert [row[-2:] for row in rows] == [(2, newest), (None, None)]
    assert [str(row[4]) for row in rows] == ["120.50", "9.99"]
