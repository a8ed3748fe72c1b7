"""An order that was cancelled and refunded gives its money back once."""

from __future__ import annotations

import collections
import csv
from decimal import Decimal

HEADER = "EventName,CustomerID,OrderID,Date,Amount\n"
SALE = "PURCHASED,a,1,2026-01-10,100\n"


def test_an_order_that_was_cancelled_and_refunded_gives_its_money_back_once(shop, root):
    path = root / "tests/data/cases/40-klaviyo-metric-names/input.csv"
    sold: dict[tuple[str, str], Decimal] = collections.defaultdict(Decimal)
    back: dict[tuple[str, str], Decimal] = collections.defaultdict(Decimal)
    for row in csv.DictReader(path.read_text().splitlines()):
        order = (row["CustomerID"], row["OrderID"])
        if row["EventName"] == "Placed Order":
            sold[order] += Decimal(row["Amount"])
        elif row["EventName"] in {"Refunded Order", "Cancelled Order"}:
            back[order] += Decimal(row["Amount"])
    record = shop.upload("events.csv", path.read_text())
    kept = {order: max(sold[order] - back[order], Decimal(0)) for order in sold}
    assert Decimal(record.monetary) == sum(kept.values())
    twice = {order: back[order] - sold[order] for order in back if back[order] > sold[order]}
    assert twice.keys() <= sold.keys()
    assert record.warnings[-1] == (
        f"{len(twice)} orders gave back more than they cost, by {sum(twice.values())} together: "
        "a cancellation and a refund of one order count once"
    )
    assert all(row["monetary"] >= 0 for row in shop.customers().values())


def test_refunds_in_parts_all_count(shop):
    parts = "REFUNDED,a,1,2026-01-12,40\nCANCELLED,a,1,2026-01-12,30\n"
    record = shop.upload("a.csv", HEADER + SALE + parts)
    assert (record.monetary, record.warnings) == ("30.00", ())
    record = shop.upload("a.csv", HEADER + SALE + parts + "REFUNDED,a,1,2026-01-15,45\n")
    assert record.monetary == "0.00"
    assert record.warnings == (
        "1 order gave back more than it cost, by 15.00: "
        "a cancellation and a refund of one order count once",
    )
    assert record.rows.accepted == 4, "a row that is cut stays an event"
    assert shop.run().warnings == record.warnings


def test_returns_of_unknown_sales_and_of_no_order_stay_as_they_are(shop):
    returns = "REFUNDED,a,C1,2026-01-12,70\nREFUNDED,a,,2026-01-13,80\nREFUNDED,b,1,2026-01-12,9\n"
    record = shop.upload("a.csv", HEADER + SALE + returns)
    assert (record.monetary, record.warnings) == ("-59.00", ())


def test_a_sale_of_another_upload_or_before_the_window_limits_its_returns(shop):
    shop.upload("sale.csv", HEADER + "PURCHASED,a,1,2024-01-10,100\nPURCHASED,a,2,2026-01-10,50\n")
    refund = "REFUNDED,a,1,2026-01-12,70\nCANCELLED,a,1,2026-01-13,60\n"
    record = shop.upload("refund.csv", HEADER + refund, settings={"window_months": 12})
    assert record.monetary == "-50.00", "30.00 of the refund are cut; the sale is too old to count"
    assert len(record.warnings) == 1


def test_refunds_alone_may_exceed_what_an_order_cost(shop, root):
    path = root / "tests/data/cases/33-negative-lifetime-total/input.csv"
    shop.upload("events.csv", path.read_text())
    money = {name: row["monetary"] for name, row in shop.customers().items()}
    assert [money[f"NEG{n}"] for n in (1, 2, 3)] == [-500, -250, -80]
