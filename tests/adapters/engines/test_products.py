"""Products of the canonical events: from files to figures that add up to the run's money."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.engines.duckdb import history, products, slices
from adapters.engines.duckdb.session import connect
from adapters.engines.duckdb.summaries import SummaryFiles, write_summary
from adapters.engines.spark.reading.judge import ROW_SCHEMA, JudgeRows
from adapters.engines.spark.reading.rows import CELLS, TextRows
from adapters.stores.events import UploadRecord
from adapters.tables.parquet import arrow_schema, write_table
from tessera.contracts.tables import EVENTS
from tessera.customers.summary import Period
from tessera.events.products import PRODUCT, PRODUCT_CELLS
from tessera.sources.mappings import HeaderMapping
from tessera.sources.rows import Currency, Reading
from tests.reference import EVENTS as HISTORIES
from tests.reference import content

HEADER = "EventName,CustomerID,Amount,Date,ProductCode,ProductName,ProductCategory\n"
CODE = st.sampled_from(["", " ", "M1", " M1 ", "T1", "ann@example.com"])
NAME = st.sampled_from(["", "Mug", "Red mug ", "Té", "x" * 250])
ROW = st.tuples(
    st.sampled_from(["PURCHASED", "PURCHASED", "REFUNDED", "VIEWED", " purchased"]),
    st.sampled_from("abc"),
    st.sampled_from(["1.25", "10", "-3", "0", "1,234.50", "free"]),
    st.sampled_from(["2024-01-01", "2024-02-01", "1 Mar 2024"]),
    CODE,
    NAME,
    st.sampled_from(["", " ", "Kitchen", "Küche ", "bo@example.com"]),
)
GOOD = ("PURCHASED", "good", "1.25", "2024-01-01", "M1", "Mug", "Kitchen")
FEW = settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def text_of(rows) -> str:
    return HEADER + "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)


@FEW
@given(st.lists(ROW, max_size=20))
def test_products_and_the_rest_add_up_to_the_money_of_all(fold, rows):
    folded = fold(text_of([GOOD, *rows]), decimal="dot", max_bad_share=1)
    without = fold(text_of((*row[:4], "", "", row[6]) for row in [GOOD, *rows]), decimal="dot")
    assert folded.customers_bytes == without.customers_bytes
    assert without.summary["products"] is None
    products = folded.summary["products"]
    assert Decimal(products["money"]) + Decimal(products["without"]) == folded.money
    by_product = defaultdict(Decimal)
    buyers = defaultdict(set)
    for event in folded.events:
        product = event["product_code"] or event["product_name"]
        by_product[product] += event["amount"]
        if event["event"] == "PURCHASED":
            buyers[product].add(event["customer_key"])
    assert Decimal(products["without"]) == by_product.pop(None, 0)
    shown = {one["code"] or one["name"]: one for one in products["items"]}
    named = {product for product in by_product if product in shown or by_product[product]}
    assert {name: Decimal(one["money"]) for name, one in shown.items()} == {
        name: by_product[name] for name in named | shown.keys()
    }
    assert all(one["buyers"] == len(buyers[name]) for name, one in shown.items())
    assert products["count"] == len(shown)
    assert {(row["customer_key"], row["product"]) for row in folded.bought} == {
        (who, product) for product, people in by_key(folded, buyers).items() for who in people
    }
    assert without.bought == []


@FEW
@given(st.lists(ROW, max_size=20))
def test_a_category_changes_nothing_but_itself(fold, rows):
    folded, plain = (
        fold(text_of(some), decimal="dot", max_bad_share=1)
        for some in ([GOOD, *rows], [(*row[:6], "") for row in [GOOD, *rows]])
    )
    assert folded.customers_bytes == plain.customers_bytes
    items = [one | {"category": None} for one in folded.summary["products"].pop("items")]
    assert items == plain.summary["products"].pop("items")
    assert folded.summary == plain.summary
    assert [row | {"category": None} for row in folded.bought] == plain.bought
    for event in folded.events:
        event["product_category"] = None
    # In which order a customer's events come, nothing says.
    assert sorted(map(str, folded.events)) == sorted(map(str, plain.events))


def by_key(folded, buyers: dict[str, set[str]]) -> dict[str, set[str]]:
    """The buyers of named products by the shop's own ids."""
    ids = {row["customer_key"]: row["customer_id"] for row in folded.identities}
    return {product: {ids[key] for key in keys} for product, keys in buyers.items() if product}


@FEW
@given(st.lists(ROW, max_size=20))
def test_both_engines_read_the_same_products(fold, rows):
    rows = [GOOD, *rows]
    on_duckdb = fold(text_of(rows), decimal="dot").events
    judge = JudgeRows(
        reading=Reading(mark="dot", time_zone="UTC", mapping=HeaderMapping()),
        currency=Currency(code="", rates={}),
        tenant="default",
        secret=b"a secret that no customer knows",
    )
    given_cells = dict(zip(("event_name", "customer_id", "amount", "date", *PRODUCT_CELLS),
                           zip(*rows, strict=True), strict=True))  # fmt: skip
    cells = {
        name: [cell or None for cell in given_cells.get(name, [""] * len(rows))] for name in CELLS
    }
    numbers = range(len(rows))
    texts = TextRows(parts=[0] * len(rows), lines=numbers, raws=[""] * len(rows), cells=cells)
    judged = [row for batch in judge.rows([texts]) for row in batch.to_pylist()]
    on_spark = [row for row in judged if row["code"] is None]
    assert set(PRODUCT) <= set(ROW_SCHEMA.names)
    names = ("event", "occurred_at", "amount", *PRODUCT)
    assert sorted([tuple(row[name] for name in names) for row in on_spark], key=repr) == sorted(
        [tuple(row[name] for name in names) for row in on_duckdb], key=repr
    )


def test_customers_in_slices_give_what_all_at_once_give(fold, tmp_path, monkeypatch):
    rows = [
        ("REFUNDED" if draw % 9 == 0 else "PURCHASED", f"c{draw % 37}", f"{draw % 11}.5",
         f"2024-0{1 + draw % 9}-01", f"M{draw % 5}" if draw % 3 else "", f"Mug {draw % 7}",
         ["", "Kitchen", "Küche"][draw % 3])
        for draw in range(400)
    ]  # fmt: skip
    once = fold(text_of(rows), decimal="dot")
    asked = []
    grouped = products.ProductQueries.buyers
    monkeypatch.setattr(
        products.ProductQueries, "buyers",
        lambda queries, lines: asked.append(lines) or grouped(queries, lines),
    )  # fmt: skip
    monkeypatch.setattr(products, "_ROW_BYTES", 512_000_000 / len(rows))
    monkeypatch.setattr(slices, "_WITHIN", 0.1)
    sliced = fold(text_of(rows), decimal="dot")
    assert len(asked) > 2
    assert sliced.summary == once.summary
    assert sliced.summary["products"]["buyers"] == 37
    written = [path.read_bytes() for path in sorted(tmp_path.glob("fold-*/customer_products*"))]
    assert len(written) == 2
    assert written[0] == written[1]


def test_a_shop_with_several_products_in_an_order(fold):
    rows = (
        "#1,ann@example.com,paid,30.00,2026-01-02 10:00:00 +0000,2,Mug,10.00\n"
        "#1,ann@example.com,,,,1,Tea,20.00\n"
        "#2,ann@example.com,paid,10.00,2026-02-02 10:00:00 +0000,1,Mug,10.00\n"
        "#3,bo@example.com,paid,5.00,2026-02-02 10:00:00 +0000,1,,5.00\n"
    )
    header = (
        "Name,Email,Financial Status,Subtotal,Created at,Lineitem quantity,Lineitem name,"
        "Lineitem price\n"
    )
    folded = fold(header + rows)
    assert sorted(event["amount"] for event in folded.events) == [5, 10, 30]
    products = folded.summary["products"]
    assert (products["count"], products["buyers"]) == (2, 1)
    assert (products["money"], products["without"]) == ("40.00", "5.00")
    mug, tea = products["items"]
    assert (mug["name"], mug["money"], mug["buyers"], mug["repeat_buyers"]) == (
        "Mug",
        "25.00",
        1,
        1,
    )
    assert (mug["first_buyers"], mug["repeat_rate"]) == (1, 1.0)
    assert (tea["name"], tea["money"], tea["repeat_buyers"]) == ("Tea", "15.00", 0)
    assert mug["money_share"] == pytest.approx(25 / 45)


def test_a_return_that_names_its_product_is_taken_off_it(fold):
    folded = fold(
        text_of(
            [
                ("PURCHASED", "a", "20", "2026-01-01", "M1", "Mug"),
                ("PURCHASED", "b", "20", "2026-01-01", "M1", "mug"),
                ("PURCHASED", "b", "20", "2026-01-05", "M1", "Mug"),
                ("REFUNDED", "b", "5", "2026-01-06", "M1", "Mug"),
                ("REFUNDED", "b", "1", "2026-01-07", "", ""),
            ]
        )
    )
    products = folded.summary["products"]
    [mug] = products["items"]
    assert (mug["money"], mug["returned"], mug["lines"]) == ("55.00", "-5.00", 3)
    assert (mug["buyers"], mug["repeat_buyers"], mug["first_buyers"]) == (2, 1, 2)
    assert mug["name"] == "Mug"  # as most rows spell it
    assert products["without"] == "-1.00"


def test_each_customers_products_have_their_days_and_names(fold):
    folded = fold(
        text_of(
            [
                ("PURCHASED", "b", "20", "2026-01-01", "M1", "Mug"),
                ("PURCHASED", "b", "20", "2026-01-05", "M1", "mug"),
                ("PURCHASED", "b", "20", "2026-01-05", "M1", "Mug"),
                ("PURCHASED", "b", "20", "2026-01-05", "", "Tea"),
                ("VIEWED", "b", "20", "2026-01-07", "T1", "Tray"),
                ("REFUNDED", "a", "5", "2026-01-06", "M1", "Mug"),
                ("PURCHASED", "a", "5", "2026-01-08", "", ""),
                ("PURCHASED", "a", "5", "2026-01-09", "N1", ""),
            ]
        ),
        as_of="2026-01-11",
    )
    a = {"customer_key": "a", "product": "N1", "name": None, "category": None, "lines": 1}
    b = {"customer_key": "b", "product": "M1", "name": "Mug", "category": None, "lines": 3}
    c = {"customer_key": "b", "product": "Tea", "name": "Tea", "category": None, "lines": 1}
    assert sorted(folded.bought, key=lambda row: row["customer_key"]) == [
        {**a, "first_days_ago": 2, "last_days_ago": 2},
        {**b, "first_days_ago": 10, "last_days_ago": 6},
        {**c, "first_days_ago": 6, "last_days_ago": 6},
    ]


def test_a_product_has_the_category_of_most_of_its_rows(fold):
    folded = fold(
        text_of(
            [
                ("PURCHASED", "a", "20", "2026-01-01", "M1", "Mug", "Gifts"),
                ("PURCHASED", "b", "20", "2026-01-01", "M1", "Mug", "Kitchen"),
                ("PURCHASED", "c", "20", "2026-01-05", "M1", "", "Kitchen"),
                ("PURCHASED", "c", "20", "2026-01-05", "M1", "Mug", ""),
                ("REFUNDED", "b", "5", "2026-01-06", "M1", "Mug", "Gifts"),
                ("PURCHASED", "c", "20", "2026-01-05", "T1", "Tea", ""),
                ("PURCHASED", "c", "20", "2026-01-05", "", "", "Gifts"),
            ]
        )
    )
    assert {row["product"]: row["category"] for row in folded.bought} == {
        "M1": "Kitchen",
        "T1": None,
    }
    products = folded.summary["products"]
    assert [(one["code"], one["category"]) for one in products["items"]] == [
        ("M1", "Kitchen"),
        ("T1", None),
    ]
    assert products["without"] == "20.00"


def test_categories_of_an_orders_lines_are_read_too(fold):
    folded = fold(
        "Order Number,Order Status,Order Total Amount,Email (Billing),Order Date,Item Name,SKU,"
        "Category,Order Line Total\n"
        "7,completed,40,ann@example.com,2026-01-02,Mug,M1,Kitchen,30\n"
        "7,completed,40,ann@example.com,2026-01-02,Tea,T1,,10\n"
        "8,completed,10,ann@example.com,2026-01-03,Tray,R1,Gifts,10\n"
    )
    by_code = {one["code"]: one["category"] for one in folded.summary["products"]["items"]}
    assert by_code == {"M1": "Kitchen", "T1": None, "R1": "Gifts"}


def test_online_retail_has_the_money_and_counts_that_it_had(fold):
    folded = fold(content(HISTORIES["online_retail"]))
    assert folded.money == Decimal("8911407.9040")
    assert len(folded.events) == 397884
    products = folded.summary["products"]
    assert Decimal(products["money"]) + Decimal(products["without"]) == folded.money
    assert products["count"] == len({event["product_code"] for event in folded.events})
    assert 50 <= len(products["items"]) <= 100


def test_events_that_an_earlier_version_stored_stay_readable(tmp_path):
    """Files without the columns of products, or of categories, count beside those with them."""
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    row = {"customer_key": "a", "event": "PURCHASED", "occurred_at": at, "amount": Decimal(7)}
    none = dict.fromkeys(EVENTS.names)
    table = pa.Table.from_pylist([{**none, **row}], schema=arrow_schema(EVENTS))
    old, middle, recent = (tmp_path / f"{name}.parquet" for name in ("old", "middle", "new"))
    pq.write_table(table.drop_columns([*PRODUCT]), old)
    named = {**none, **row, "customer_key": "b", "product_code": "M1"}
    with_code = pa.Table.from_pylist([named], schema=arrow_schema(EVENTS))
    pq.write_table(with_code.drop_columns(["product_category"]), middle)
    named |= {"customer_key": "c", "product_category": "Kitchen"}
    write_table(recent, pa.Table.from_pylist([named], schema=arrow_schema(EVENTS)), EVENTS)

    def record(name: str, products: int, categories: int = 0) -> UploadRecord:
        return UploadRecord(
            id=name, name=name, content=name, since="2026-01-01", events=1, event_ids=0,
            first_event_at=at.isoformat(), last_event_at=at.isoformat(), currency="",
            order_ids=0, products=products, categories=categories,
        )  # fmt: skip

    with connect(tmp_path, memory_limit_mb=256) as db:
        stored = [
            history.StoredUpload([old], record("old", 0)),
            history.StoredUpload([middle], record("middle", 1)),
            history.StoredUpload([recent], record("new", 1, 1)),
        ]
        history.open_history(db, stored)
        period = Period(as_of=dt.date(2026, 2, 1), window_months=0, time_zone="UTC")
        files = SummaryFiles.below(tmp_path)
        products = write_summary(
            db, period=period, files=files, products=True, categories=True
        ).products
    assert products is not None
    assert (products.money, products.without, products.count) == ("14.00", "7.00", 1)
    assert products.items[0].category == "Kitchen"
