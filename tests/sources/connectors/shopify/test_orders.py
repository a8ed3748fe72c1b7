"""An order of Shopify → rows: the money of the shop's own reports, and of its export."""

from __future__ import annotations

import collections
import csv
from decimal import Decimal
from pathlib import Path

import pytest

from local.services.shopify.orders import item, money, order, refund
from tessera.sources.connectors.shopify.orders import record_of
from tessera.sources.orders.gift_cards import is_gift_card
from tessera.sources.orders.money import Included

GOLDEN = Path("tests/data/golden/shopify")
DAY = "2026-01-05T10:15:00-05:00"
LATER = "2026-02-01T09:00:00Z"


def record(one, *, included=Included()):  # noqa: B008 (frozen)
    return record_of(one, one["lineItems"], changed_at=LATER, included=included)


def rows(one, **more):
    return record(one, **more).rows


def by_event(one, **more):
    sums = collections.Counter()
    for row in rows(one, **more):
        sums[row["EventName"]] += Decimal(row.get("Amount") or 0)
    return dict(sums)


# ---- the same orders as the export ---------------------------------------------------------------


def exported() -> dict[str, list[dict[str, str]]]:
    orders = collections.defaultdict(list)
    with (GOLDEN / "input.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            orders[row["Name"]].append(row)
    return orders


def as_api(lines: list[dict[str, str]]) -> dict[str, object]:
    """Return the API's object of an order in the export."""
    first, number = lines[0], int(lines[0]["Name"].lstrip("#"))
    currency = first["Currency"]
    outside = Decimal(first["Subtotal"]) + Decimal(first["Shipping"]) + Decimal(first["Taxes"])
    created = first["Created at"].replace(" ", "T", 1).replace(" ", "")
    items = []
    for place, line in enumerate(lines):
        total = Decimal(line["Lineitem price"]) * int(line["Lineitem quantity"])
        gift = is_gift_card(
            line["Lineitem name"],
            shipped=line["Lineitem requires shipping"],
            taxed=line["Lineitem taxable"],
        )
        items.append(
            item(
                number * 10 + place,
                price=total - Decimal(line["Lineitem discount"]),
                sku=line["Lineitem sku"],
                name=line["Lineitem name"],
                isGiftCard=gift,
            )
        )
    back = Decimal(first["Refunded Amount"])
    return order(
        number,
        created=created,
        items=items,
        subtotal=first["Subtotal"],
        email=first["Email"] or None,
        phone=first["Phone"] or None,
        subtotalPriceSet=money(first["Subtotal"], currency),
        totalTaxSet=money(first["Taxes"]),
        totalShippingPriceSet=money(first["Shipping"]),
        originalTotalDutiesSet=money(first["Duties"]) if first["Duties"] else None,
        taxesIncluded=Decimal(first["Total"]) < outside,
        displayFinancialStatus=first["Financial Status"].upper(),
        cancelledAt=first["Cancelled at"] or None,
        test=first["Payment Method"] == "bogus",
        refunds=[refund(number, created=LATER, amount=back)] if back else [],
    )


def expected() -> list[dict[str, str]]:
    with (GOLDEN / "expected.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("wanted", expected(), ids=lambda row: row["order_id"])
def test_an_order_is_worth_what_its_export_is_worth(wanted):
    one = as_api(exported()[wanted["order_id"]])
    result = record(one)
    if wanted["counted"] == "n":
        assert not result.rows
        assert result.reason
        return
    sums = by_event(one)
    net = sums["PURCHASED"] - sums.get("REFUNDED", 0)
    assert net == Decimal(wanted["net_sales"])
    first = result.rows[0]
    assert (first["OrderID"], first["Currency"]) == (wanted["order_id"], wanted["currency"])
    assert (first["CustomerID"] or first["OtherID"]).lower() == wanted["customer_key"]


# ---- refunds, edits, taxes -----------------------------------------------------------------------


def test_a_refund_stands_on_its_own_day_and_takes_from_the_goods_with_their_tax():
    one = order(
        7,
        created=DAY,
        items=[item(1, price="80.00")],
        subtotal="80.00",
        totalTaxSet=money("6.40"),
        totalShippingPriceSet=money("5.00"),
        refunds=[refund(1, created=LATER, amount="43.20")],
    )
    sale, back = rows(one)
    assert (sale["EventName"], sale["Amount"], sale["Date"]) == ("PURCHASED", "80.0000", DAY)
    assert (back["EventName"], back["Amount"], back["Date"]) == ("REFUNDED", "40.0000", LATER)


def test_refunds_never_take_more_than_the_sale():
    refunds = [refund(n, created=f"2026-02-0{n}T09:00:00Z", amount="60.00") for n in (1, 2)]
    one = order(7, created=DAY, items=[item(1, price="80")], subtotal="80", refunds=refunds)
    assert by_event(one) == {"PURCHASED": 80, "REFUNDED": 80}
    assert [row["Amount"] for row in rows(one)[1:]] == ["60.0000", "20.0000"]


def test_a_refund_of_shipping_alone_after_all_goods_is_no_event():
    refunds = [
        refund(1, created="2026-02-01T09:00:00Z", amount="80.00"),
        refund(2, created="2026-02-02T09:00:00Z", amount="5.00"),
    ]
    one = order(
        7, created=DAY, items=[item(1, price="80")], subtotal="80", refunds=refunds,
        totalShippingPriceSet=money("5.00"),
    )  # fmt: skip
    assert len(rows(one)) == 2


def test_what_an_edit_removed_is_off_the_sale_and_a_refund_for_it_not_off_twice():
    parts = {"created": DAY, "items": [item(1, price="50"), item(2, price="30")], "subtotal": "80"}
    edited = {"edited": True, "currentSubtotalPriceSet": money("50.00")}
    assert by_event(order(7, **parts, **edited)) == {"PURCHASED": 50}
    paid_back = [refund(1, created=LATER, amount="30.00")]
    both = order(7, **parts, **edited, refunds=paid_back)
    assert by_event(both) == {"PURCHASED": 80, "REFUNDED": 30}


def test_what_an_edit_added_is_part_of_the_sale():
    parts = {"created": DAY, "items": [item(1, price="50")], "subtotal": "50"}
    one = order(7, **parts, edited=True, currentSubtotalPriceSet=money("65.00"))
    assert by_event(one) == {"PURCHASED": 65}


def test_lines_share_the_order_to_the_last_digit_and_gift_cards_have_none():
    items = [
        item(1, price="10.00", sku="A"),
        item(2, price="10.00", sku="B"),
        item(3, price="25.00", sku="GIFT", isGiftCard=True),
    ]
    one = order(7, created=DAY, items=items, subtotal="35.01")
    lines = rows(one)
    assert sum(Decimal(row["Amount"]) for row in lines) == Decimal("10.01")
    assert {row["ProductCode"] for row in lines} <= {"A", "B", ""}


def test_taxes_and_shipping_count_where_the_settings_include_them():
    taxed = item(1, price="100", taxLines=[{"priceSet": money("19.00")}])
    one = order(
        7, created=DAY, items=[taxed], subtotal="100", totalTaxSet=money("19.95"),
        totalShippingPriceSet=money("5.00"),
    )  # fmt: skip
    assert by_event(one) == {"PURCHASED": 100}
    assert by_event(one, included=Included(tax=True)) == {"PURCHASED": 119}
    whole = by_event(one, included=Included(tax=True, shipping=True))
    assert whole == {"PURCHASED": Decimal("124.95")}


# ---- who, and consent ----------------------------------------------------------------------------


def test_a_customer_without_address_is_known_by_number_and_a_counter_sale_by_nothing():
    known = order(7, created=DAY, items=[item(1, price="5")], subtotal="5", email=None)
    known["customer"] = {"id": "gid://shopify/Customer/55"}
    assert rows(known)[0]["OtherID"] == "shopify 55"
    nobody = order(8, created=DAY, items=[item(1, price="5")], subtotal="5", email=None)
    assert not rows(nobody)[0]["CustomerID"] + rows(nobody)[0]["OtherID"]


@pytest.mark.parametrize(
    ("state", "consent"),
    [("SUBSCRIBED", "GRANTED"), ("NOT_SUBSCRIBED", "DENIED"), ("PENDING", "DENIED"), ("ODD", "")],
)
def test_consent_to_email_is_what_the_customer_has_given(state, consent):
    one = order(7, created=DAY, items=[item(1, price="5")], subtotal="5")
    one["customer"]["defaultEmailAddress"]["marketingState"] = state
    assert [row["EmailConsent"] for row in rows(one)] == [consent]


def test_who_unsubscribed_after_the_order_did_so_on_that_day():
    one = order(7, created=DAY, items=[item(1, price="5")], subtotal="5")
    address = one["customer"]["defaultEmailAddress"]
    address |= {"marketingState": "UNSUBSCRIBED", "marketingUpdatedAt": LATER}
    sale, left = rows(one)
    assert (left["EventName"], left["Date"], left["EmailConsent"]) == (
        "UNSUBSCRIBED", LATER, "DENIED",
    )  # fmt: skip
    assert left["CustomerID"] == sale["CustomerID"]
    assert "Amount" not in left


def test_an_order_without_money_keeps_its_row_so_that_the_run_rejects_it():
    one = order(7, created=DAY, items=[item(1, price="5")], subtotal="5", subtotalPriceSet=None)
    assert [row["Amount"] for row in rows(one)] == [""]
