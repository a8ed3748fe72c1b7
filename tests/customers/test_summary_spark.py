"""The fold and the summary's SQL give equal tables on Spark and on DuckDB."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from email.utils import parsedate_to_datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from adapters.tables.parquet import arrow_schema, write_table
from tessera.contracts.tables import EVENTS
from tessera.customers.behaviour import behaviour_days, sampled_buyers
from tessera.customers.days import cohorts
from tessera.customers.looks import looks_before
from tessera.customers.products import DUCKDB_ITEMS, SPARK_ITEMS, ProductQueries
from tessera.customers.subscriptions.retention.history import subscriptions
from tessera.customers.summary import (
    Period,
    duckdb_days,
    features,
    one_per_event_id,
    second_orders,
    spark_days,
)  # fmt: skip
from tests import reference
from tests.folding import fold_all

STEPS = Path(__file__).with_name("spark_steps.py")
ASKED = """SELECT customer_key, days_ago - 3 AS days_ago FROM look_days
UNION SELECT 'nobody' AS customer_key, 5 AS days_ago"""
HISTORY = one_per_event_id("(SELECT *, 0 AS upload_rank FROM events) AS ranked")
PERIOD = Period(as_of=dt.date(1998, 7, 1), window_months=12, time_zone="America/New_York")


def event(key: str, name: str, at: dt.datetime, amount: str, **ids: str | None) -> dict:
    return {
        "customer_key": key, "event": name, "occurred_at": at, "amount": Decimal(amount),
        "order_id": ids.get("order"), "event_id": ids.get("event"),
        "product_code": ids.get("code"), "product_name": ids.get("title"),
        "product_category": ids.get("kind"), "products": ids.get("products"),
    }  # fmt: skip


def sold(place: int) -> dict[str, str | None]:
    """Return a product or several, with and without names, or none."""
    thirds = "0.333333333\tp1\tOne\tOdd\n0.333333334\t\tTwo\n0.333333333\t\t"
    kind = ("Even", "Odd", None)[place % 3]
    return (
        {"code": f"p{place % 70}", "title": f"{place % 3} of {place % 70}", "kind": kind},
        {"title": "Two"},
        {"products": thirds},
        {},
    )[place % 4]


def history() -> list[dict]:
    """CDNOW's purchases, and customers who returned things, only looked, or came twice."""
    rows = [
        event(
            row["CustomerID"],
            "PURCHASED",
            parsedate_to_datetime(row["Date"]).astimezone(dt.UTC),
            row["UnitPrice"],
            **sold(place),
        )
        for place, row in enumerate(reference.records(reference.EVENTS["cdnow_sample"]))
    ]
    late = dt.datetime(1998, 3, 1, 4, 59, tzinfo=dt.UTC)  # still February in New York
    rows += [
        event("r1", "PURCHASED", late, "100.1234", order="o1", event="e1"),
        event("r1", "PURCHASED", late + dt.timedelta(days=2), "0.0001", order="o1", event="e2"),
        event("r1", "PURCHASED", late, "100.1234", order="o1", event="e1"),
        event("r1", "REFUNDED", late + dt.timedelta(days=9), "-30.5000", code="p1"),
        event("r2", "CANCELLED", late, "-5.0000", order="o2"),
        event("r2", "VIEWED", late + dt.timedelta(hours=1), "0"),
        event("r3", "PROCESSED", late, "0"),
        event("r5", "SUBSCRIBED", late - dt.timedelta(days=60), "12.5000"),
        event("r5", "RENEWED", late - dt.timedelta(days=30), "0"),
        event("r5", "RENEWED", late, "12.5000"),
        event("r5", "CANCELLED", late + dt.timedelta(days=20), "0"),
        event("r6", "SUBSCRIBED", late - dt.timedelta(days=90), "9"),
        event("r6", "CANCELLED", late - dt.timedelta(days=60), "0"),
        event("r6", "SUBSCRIBED", late, "9"),
        event("r6", "CANCELLED", late + dt.timedelta(days=9), "-9", order="o6"),
        event("r4", "PURCHASED", dt.datetime(1998, 7, 1, 4, tzinfo=dt.UTC), "9"),
    ]
    shown = dt.datetime(1998, 6, 1, 4, tzinfo=dt.UTC)  # midnight in New York, 30 days before
    rows += [
        event(who, name, shown + dt.timedelta(hours=hours), "0")
        for who in ("r1", "r5", "r3")
        for name, hours in (
            ("VIEWED", 0), ("SESSION", 23), ("VIEWED", -1), ("SESSION", 24), ("EMAIL_SENT", 200),
            ("EMAIL_OPENED", -25), ("EMAIL_CLICKED", -24),
        )
    ]  # fmt: skip
    rows += [  # sessions over half hours, hours and midnights
        event(who, "VIEWED", shown + dt.timedelta(minutes=minutes * step, microseconds=step), "0")
        for who, minutes in (("r1", 7), ("r2", 29), ("r3", 30), ("r5", 31), ("r6", 47))
        for step in range(60)
    ]
    return rows


def steps(days, items: str) -> list[dict[str, str]]:
    products = ProductQueries(events="history", days="customer_days", period=PERIOD,
                              days_until_as_of=days(PERIOD), items=items, categories=True,
                              most=10)  # fmt: skip
    return [
        {"name": "seen", "sql": looks_before("look_days", rows=f"({ASKED})")},
        {"name": "features", "sql": features("customers")},
        {"name": "behaviour", "sql": behaviour("customers", days)},
        {"name": "sample", "sql": behaviour("customers", days, limit=700)},
        {"name": "subscriptions",
         "sql": subscriptions("history", period=PERIOD, days_until_as_of=days(PERIOD))},
        {"name": "product_buyers", "sql": products.buyers(products.lines)},
        {"name": "product_names", "sql": products.names(products.lines)},
        {"name": "product_figures", "sql": products.figures(buyers="product_buyers")},
        {"name": "customer_products",
         "sql": products.bought(buyers="product_buyers", names="product_names")},
        {"name": "products",
         "sql": products.chosen(figures="product_figures", names="product_names")},
        {"name": "product_totals",
         "sql": products.totals(figures="product_figures")},
        {"name": "product_customers", "sql": products.customers(buyers="product_buyers")},
        {"name": "waits", "sql": second_orders("customer_days")},
        {"name": "cohorts", "sql": cohorts("customer_days", as_of=PERIOD.as_of)},
    ]  # fmt: skip


def behaviour(customers: str, days, *, limit: int = 2000) -> str:
    buyers = sampled_buyers(customers, buyers=1400, limit=limit)
    return behaviour_days(
        "history",
        days="customer_days",
        looks="look_days",
        sampled=f"(SELECT customer_key AS name, customer_key FROM ({buyers}) AS buyers)",
        period=PERIOD,
        days_until_as_of=days(PERIOD),
    )


def on_duckdb(source: Path, name: str) -> list[tuple]:
    with duckdb.connect(config={"autoload_known_extensions": False}) as db:
        db.execute("SET TimeZone = 'UTC'")
        db.execute(f"CREATE VIEW events AS SELECT * FROM read_parquet('{source}')")
        db.execute(f"CREATE TABLE history AS {HISTORY}")
        made = fold_all(db, "history", period=PERIOD)
        db.register("customers", made.customers)
        db.register("customer_days", made.days)
        db.register("look_days", made.looks)
        for step in steps(duckdb_days, DUCKDB_ITEMS):
            db.execute(f"CREATE TABLE {step['name']} AS {step['sql']}")
        return comparable(db.sql(f"SELECT * FROM {name}").to_arrow_table())


def comparable(table: pa.Table) -> list[tuple]:
    instants = [i for i, field in enumerate(table.schema) if pa.types.is_timestamp(field.type)]
    for place in instants:
        column = table.column(place).cast(pa.timestamp("us", "UTC"))
        table = table.set_column(place, table.schema.names[place], column)
    return sorted((tuple(row.values()) for row in table.to_pylist()), key=repr)


@pytest.mark.spark
def test_spark_and_duckdb_give_equal_tables(tmp_path, spark):
    rows = pa.Table.from_pylist(history(), schema=arrow_schema(EVENTS))
    source = write_table(tmp_path / "events.parquet", rows, EVENTS)
    target = tmp_path / "spark"
    counted = (str(PERIOD.as_of), PERIOD.window_months, PERIOD.time_zone)
    queries = steps(spark_days, SPARK_ITEMS)
    answer = spark.call(f"{STEPS}:write", str(source), str(target), HISTORY, counted, queries)
    assert answer.error is None
    least = {
        "customer_days": 70,
        "look_days": 9,
        "seen": 9,
        "customers": 70,
        "features": 70,
        "behaviour": 70,
        "sample": 70,
        "cohorts": 70,
        "product_buyers": 70,
        "product_names": 70,
        "product_figures": 30,
        "customer_products": 60,
        "products": 11,
        "product_totals": 1,
        "waits": 1,
        "subscriptions": 2,
    }
    for name, count in least.items():
        [part] = (target / name).glob("*.parquet")
        table = comparable(pq.read_table(part))
        assert len(table) >= count
        assert table == on_duckdb(source, name)
    assert table == [("r5", 183, 103), ("r6", 123, None)]
