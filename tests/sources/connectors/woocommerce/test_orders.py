"""Orders of WooCommerce as rows: the money of its reports, refunds on their own day."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest

from tessera.events.names import PURCHASED, normalised
from tessera.sources.connectors.woocommerce.orders import rows_of, void_reason
from tessera.sources.mappings import REASONS, shipped
from tessera.sources.orders.money import Included
from tessera.sources.recognition.contract import COLUMNS
from tests.reference import DATA, records
from tests.sources.connectors.woocommerce.documents import from_export, line, net, order, refund

NET = Included()
ALL = Included(tax=True, shipping=True)


def rows(order_, *refunds, included=NET):
    return rows_of(order_, refunds, included=included)


def summary(read):
    return [(row["EventName"], row["Date"], row["ProductName"], row["Amount"]) for row in read]


# ---- the same money as the export's ------------------------------------------------------------


def exported():
    path = DATA / "golden" / "woocommerce" / "input.csv"
    with path.open(newline="", encoding="utf-8-sig") as file:
        return {row["order_id"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize(
    "expected",
    records(DATA / "golden" / "woocommerce" / "expected.csv"),
    ids=lambda row: row["order_id"],
)
def test_an_order_has_the_money_customer_and_day_of_the_same_order_in_an_export(expected):
    made, refunds = from_export(exported()[expected["order_id"]])
    read = rows(made, *refunds)
    assert bool(read) == (expected["counted"] == "y") == (not void_reason(made))
    if read:
        assert net(read) == Decimal(expected["net_sales"])
        assert {row["CustomerID"].lower() for row in read} == {expected["customer_key"]}
        assert {row["Currency"] for row in read} == {expected["currency"]}
        assert read[0]["Date"] == f"{expected['date']}Z"
        assert {row["OrderID"] for row in read} == {expected["order_id"]}


def test_statuses_count_as_in_the_mapping_of_exports():
    words = shipped()["woocommerce"].events
    statuses = {word: event for word, event in words.items() if word not in REASONS}
    assert len(statuses) > 15
    for status, event in statuses.items():
        reason = void_reason(order(status=status))
        assert reason == ("" if event == PURCHASED else event), status


def test_a_plug_ins_own_status_counts_as_in_woocommerces_reports():
    assert not void_reason(order(status="partially-shipped"))
    assert net(rows(order(status="partially-shipped"))) == 50


# ---- money -------------------------------------------------------------------------------------


def test_taxes_and_shipping_count_where_settings_say_so():
    assert net(rows(order(), included=NET)) == 50
    assert net(rows(order(), included=Included(tax=True))) == 60
    assert net(rows(order(), included=Included(shipping=True))) == 55
    assert net(rows(order(), included=ALL)) == 66


def test_products_have_their_lines_and_fees_have_no_product():
    made = order(
        total="81.60", total_tax="13.60", shipping_total="0.00", shipping_tax="0.00",
        line_items=[line("Pot", total="40.00", tax="8.00"), line("Cup", total="24.00", tax="4.80")],
        fee_lines=[{"name": "Wrapping", "total": "4.00", "total_tax": "0.80"}],
    )  # fmt: skip
    assert summary(rows(made)) == [
        ("PURCHASED", "2026-01-05T10:15:00Z", "Pot", "40.0000"),
        ("PURCHASED", "2026-01-05T10:15:00Z", "Cup", "24.0000"),
        ("PURCHASED", "2026-01-05T10:15:00Z", "", "4.0000"),
    ]


def test_a_negative_fee_is_a_discount_of_all_products():
    made = order(
        total="30.00", total_tax="0.00", shipping_total="0.00", shipping_tax="0.00",
        line_items=[line("Pot", total="30.00"), line("Cup", total="10.00")],
        fee_lines=[{"name": "Loyalty", "total": "-10.00", "total_tax": "0.00"}],
    )  # fmt: skip
    assert [row["Amount"] for row in rows(made)] == ["22.5000", "7.5000"]


def test_an_order_that_costs_nothing_is_an_order():
    free = order(total="0.00", total_tax="0.00", shipping_total="0.00", shipping_tax="0.00",
                 line_items=[line(total="0.00")])  # fmt: skip
    assert summary(rows(free)) == [("PURCHASED", "2026-01-05T10:15:00Z", "", "0.0000")]


# ---- refunds -----------------------------------------------------------------------------------


def test_a_refund_by_lines_counts_on_its_day_without_tax_and_with_its_product():
    back = refund(
        amount="30.00",
        line_items=[line("Tee", total="-20.00", tax="-4.00")],
        shipping_lines=[{"total": "-5.00", "total_tax": "-1.00"}],
    )
    assert summary(rows(order(), back))[1:] == [
        ("REFUNDED", "2026-01-15T09:00:00Z", "Tee", "20.0000")
    ]
    assert net(rows(order(), back, included=ALL)) == 36


def test_a_refund_of_an_amount_alone_takes_from_goods_with_their_tax_then_from_shipping():
    assert net(rows(order(), refund(amount="24.00"))) == 30
    assert net(rows(order(), refund(amount="60.00"))) == 0
    assert net(rows(order(), refund(amount="66.00"))) == 0
    assert net(rows(order(), refund(amount="63.00"), included=ALL)) == 3


def test_refunds_add_up_in_the_order_of_their_days_and_never_below_zero():
    later = refund(902, amount="54.00", at="2026-02-01T00:00:00")
    first = refund(901, amount="24.00", at="2026-01-10T00:00:00")
    read = rows(order(), later, first)
    assert [(row["Date"], row["Amount"]) for row in read[1:]] == [
        ("2026-01-10T00:00:00Z", "20.0000"),
        ("2026-02-01T00:00:00Z", "30.0000"),
    ]
    assert net(read) == 0


def test_a_refund_of_shipping_alone_gives_no_goods_back():
    back = refund(amount="6.00", shipping_lines=[{"total": "-5.00", "total_tax": "-1.00"}])
    assert net(rows(order(), back)) == 50
    assert len(rows(order(), back)) == 1


def test_an_order_that_is_refunded_by_its_status_alone_gives_all_back():
    read = rows(order(status="refunded"))
    assert net(read) == 0
    assert read[1]["Date"] == "2026-01-06T08:00:00Z"


# ---- people ------------------------------------------------------------------------------------


def test_a_guest_and_an_account_are_the_same_address():
    assert {rows(order(customer_id=number))[0]["CustomerID"] for number in (0, 12)} == {
        "eva@example.com"
    }


@pytest.mark.parametrize(
    ("phone", "account", "other"),
    [("+43 1 2345", 12, "+43 1 2345"), ("", 12, "woocommerce 12"), ("", 0, "")],
)
def test_without_an_address_the_phone_or_the_account_is_the_customer(phone, account, other):
    row = rows(order(customer_id=account, billing={"email": "", "phone": phone}))[0]
    assert (row["CustomerID"], row["OtherID"]) == ("", other)


def test_every_row_has_its_own_event_id():
    back = refund(amount="24.00")
    made = order(line_items=[line("Pot", total="30.00"), line("Cup", total="20.00")])
    names = [row["EventID"] for row in rows(made, back)]
    assert len(set(names)) == len(names) == 3


# ---- what a plug-in breaks -----------------------------------------------------------------------


def test_a_total_that_is_no_number_stays_for_the_run_to_reject():
    assert [row["Amount"] for row in rows(order(total="66,00 €"))] == ["66,00 €"]
    assert [row["Amount"] for row in rows(order(total=None))] == [""]


@pytest.mark.parametrize(
    "field", ["billing", "line_items", "fee_lines", "total_tax", "customer_id"]
)
@pytest.mark.parametrize("value", [None, [], {}, "", 7, [None]])
def test_fields_of_another_type_lose_no_order(field, value):
    read = rows(order(**{field: value}))
    assert read
    assert all(isinstance(cell, str) for row in read for cell in row.values())


def test_a_date_that_is_missing_stays_blank_for_the_run_to_reject():
    assert rows(order(date_created_gmt=None))[0]["Date"] == ""


def test_headers_are_those_of_the_data_contract():
    known = {normalised(column.header) for column in COLUMNS}
    assert {normalised(name) for row in rows(order()) for name in row} <= known
