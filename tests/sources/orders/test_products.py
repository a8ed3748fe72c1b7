"""The products of exports with a row per line item."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest

from tessera.settings import RunSettings
from tessera.sources.mappings import shipped
from tessera.sources.orders.layout import layout_of
from tessera.sources.orders.money import Included
from tessera.sources.orders.rows import OrderReader
from tessera.sources.recognition.decision import mapping_of

SHOPIFY = (
    "Name,Email,Financial Status,Subtotal,Shipping,Taxes,Total,Refunded Amount,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem sku,Lineitem price,Lineitem discount\n"
)
FIRST = "#1,ann@example.com,paid,{subtotal},0,0,{subtotal},0,2026-01-02 10:00:00 +0000,{line}\n"
NEXT = "#1,ann@example.com,,,,,,,,{line}\n"


def first_event(text: str) -> dict[str, str | None]:
    """Return the event of a file's only order. Its other rows name no product."""
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    layout = layout_of(header, mapping_of(header, settings=RunSettings()))
    assert layout is not None
    reader = OrderReader(layout=layout, mark="dot", included=Included())
    taken = [[row[at] or None for at in layout.taken] for row in rows]
    first, *others = (dict(zip(layout.given, cells, strict=True)) for cells in reader.read(taken))
    for other in others:
        assert (other["product_code"], other["product_name"], other["products"]) == (None,) * 3
    return first


def shopify(subtotal: str, *lines: str) -> dict[str, str | None]:
    first, *others = lines
    rows = [FIRST.format(subtotal=subtotal, line=first)]
    return first_event(SHOPIFY + "".join([*rows, *(NEXT.format(line=line) for line in others)]))


def items(event: dict[str, str | None]) -> list[list[str]]:
    return [line.split("\t") for line in (event["products"] or "").split("\n")]


def test_an_order_of_one_product_names_it():
    event = shopify("20.00", "2,Mug,M1,10.00,0")
    assert (event["product_code"], event["product_name"]) == ("M1", "Mug")
    assert event["products"] is None
    assert event["amount"] == "20.0000"


def test_an_order_of_several_products_has_each_ones_share():
    event = shopify("30.00", "2,Mug,M1,10.00,0", "1,Tea,,20.00,0")
    assert event["product_code"] is event["product_name"] is None
    assert items(event) == [["0.500000000", "M1", "Mug"], ["0.500000000", "", "Tea"]]
    assert event["amount"] == "30.0000"  # a discount of the order belongs to both


def test_a_lines_discount_is_of_its_product():
    event = shopify("25.00", "2,Mug,M1,10.00,15.00", "1,Tea,T1,20.00,0")
    assert [share for share, *_ in items(event)] == ["0.200000000", "0.800000000"]


def test_a_line_without_a_product_keeps_its_share():
    event = shopify("40.00", "1,Mug,M1,10.00,0", "1,,,30.00,0")
    assert items(event) == [["0.250000000", "M1", "Mug"], ["0.750000000", "", ""]]


def test_gift_cards_take_no_share():
    event = shopify("60.00", "1,Gift Card,,50.00,0", "1,Mug,M1,10.00,0")
    assert (event["product_code"], event["products"], event["amount"]) == ("M1", None, "10.0000")


def test_a_line_without_a_price_has_no_share_and_an_order_without_any_no_product():
    event = shopify("30.00", "1,Mug,M1,,0", "1,Tea,T1,30.00,0")
    assert items(event) == [["0.000000000", "M1", "Mug"], ["1.000000000", "T1", "Tea"]]
    event = shopify("30.00", "1,Mug,M1,,0", "1,Tea,T1,,0")
    assert (event["product_code"], event["products"], event["amount"]) == (None, None, "30.0000")


def test_an_order_that_does_not_count_has_no_product():
    text = SHOPIFY + FIRST.format(subtotal="20.00", line="2,Mug,M1,10.00,0")
    event = first_event(text.replace("paid", "voided"))
    assert (event["product_code"], event["amount"]) == (None, None)


def test_woocommerce_lines_are_worth_their_totals_less_their_refunds():
    event = first_event(
        "Order Number,Order Status,Order Total Amount,Email (Billing),Order Date,Item Name,SKU,"
        "Order Line Total,Order Line Total Refunded\n"
        "7,completed,40,ann@example.com,2026-01-02,Mug,M1,30,20\n"
        "7,completed,40,ann@example.com,2026-01-02,Tea,T1,10,\n"
    )
    assert Decimal(event["amount"] or "") == 20
    assert items(event) == [["0.500000000", "M1", "Mug"], ["0.500000000", "T1", "Tea"]]


def test_categories_neither_make_nor_divide_products():
    header = (
        "Order Number,Order Status,Order Total Amount,Email (Billing),Order Date,Item Name,SKU,"
        "Category,Order Line Total\n"
    )
    row = "7,completed,40,ann@example.com,2026-01-02,{},{},{},{}\n".format
    alone = first_event(header + row("Mug", "M1", "", 30) + row("Mug", "M1", "Kitchen", 10))
    assert (alone["product_code"], alone["product_category"]) == ("M1", "Kitchen")
    both = first_event(header + row("Mug", "M1", "Kitchen", 30) + row("Tea", "T1", " ", 10))
    assert items(both) == [
        ["0.750000000", "M1", "Mug", "Kitchen"],
        ["0.250000000", "T1", "Tea"],
    ]
    assert (both["product_category"], both["amount"]) == (None, "40.0000")
    none = first_event(header + row("", "", "Kitchen", 40))
    assert (none["product_category"], none["products"]) == (None, None)


@pytest.mark.parametrize("name", [name for name, one in shipped().items() if one.export])
def test_only_rows_that_are_lines_name_products(name):
    mapping = shipped()[name]
    assert mapping.export is not None
    header = [headers[0] for headers in mapping.columns.values()]
    layout = layout_of(header, mapping)
    assert layout is not None
    named = bool({"product_code", "product_name"} & mapping.columns.keys())
    assert bool(layout.product_columns) == (mapping.export.lines and named)
