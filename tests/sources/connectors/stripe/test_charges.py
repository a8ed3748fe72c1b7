"""Charges, refunds and disputes of Stripe as rows: the money of the dashboard's export."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest

from tessera.events.names import normalised
from tessera.sources.connectors.stripe.charges import (
    charge_rows,
    dispute_rows,
    refund_rows,
    void_reason,
)
from tessera.sources.recognition.contract import COLUMNS
from tests.reference import DATA, records
from tests.sources.connectors.stripe.documents import (
    balance,
    charge,
    dispute,
    from_export,
    refund,
)
from tests.sources.connectors.woocommerce.documents import net


def exported():
    path = DATA / "golden" / "stripe" / "input.csv"
    with path.open(newline="", encoding="utf-8-sig") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize(
    "expected",
    records(DATA / "golden" / "stripe" / "expected.csv"),
    ids=lambda row: row["order_id"],
)
def test_a_charge_has_the_money_customer_and_day_of_the_same_charge_in_an_export(expected):
    made, refunds, disputes = from_export(exported()[expected["order_id"]])
    rows = charge_rows(made)
    assert bool(rows) == (expected["counted"] == "y") == (not void_reason(made))
    if rows:
        for one in refunds:
            rows += refund_rows(one)
        for one in disputes:
            rows += dispute_rows(one)
        assert net(rows) == Decimal(expected["net_sales"])
        assert {row["Currency"] for row in rows} == {expected["currency"]}
        assert {row["OrderID"] for row in rows} == {expected["order_id"]}
        customers = {row["CustomerID"].lower() or row["OtherID"] for row in rows}
        assert customers == {expected["customer_key"]}
        assert rows[0]["Date"] == expected["date"]


# ---- money -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("currency", "units", "amount"),
    [
        ("jpy", 5000, "5000.0000"),
        ("usd", 5000, "50.0000"),
        ("kwd", 5000, "5.0000"),
        ("isk", 5000, "50.0000"),
        ("ugx", 5000, "50.0000"),
    ],
)
def test_units_depend_on_the_currency(currency, units, amount):
    [row] = charge_rows(charge(amount=units, currency=currency))
    assert (row["Amount"], row["Currency"]) == (amount, currency.upper())


def test_money_is_what_the_account_settled():
    euros = charge(amount=5000, currency="eur", balance_transaction=balance(5425))
    assert charge_rows(euros)[0]["Amount"] == "54.2500"
    back = refund(euros, amount=1000, balance_transaction=balance(-1090))
    assert (refund_rows(back)[0]["Amount"], refund_rows(back)[0]["Currency"]) == ("10.9000", "USD")
    unsettled = charge(amount=5000, currency="eur", balance_transaction=None)
    assert charge_rows(unsettled)[0]["Currency"] == "EUR"


def test_of_a_partial_capture_only_the_captured_part_counts():
    made = charge(amount=10_000, amount_captured=6_000, amount_refunded=4_000,
                  balance_transaction=balance(6_000))  # fmt: skip
    assert charge_rows(made)[0]["Amount"] == "60.0000"
    assert refund_rows(refund(made, amount=4_000, balance_transaction=None)) == []
    assert dispute_rows(dispute(made, amount=6_000))[0]["Amount"] == "60.0000"


@pytest.mark.parametrize("status", ["failed", "canceled"])
def test_a_refund_that_failed_gives_nothing_back(status):
    assert refund_rows(refund(charge(), amount=500, status=status)) == []


@pytest.mark.parametrize(
    ("status", "lost"),
    [("lost", True), ("won", False), ("under_review", False), ("warning_closed", False)],
)
def test_only_a_lost_dispute_takes_money(status, lost):
    assert bool(dispute_rows(dispute(charge(), amount=10_000, status=status))) == lost


def test_a_lost_dispute_takes_no_more_than_is_left_of_the_charge():
    made = charge(amount=10_000, amount_refunded=2_500)
    assert dispute_rows(dispute(made, amount=10_000))[0]["Amount"] == "75.0000"
    gone = charge(amount=10_000, amount_refunded=10_000)
    assert dispute_rows(dispute(gone, amount=10_000)) == []


def test_a_dispute_without_movements_is_converted_as_its_charge_was():
    euros = charge(amount=5000, currency="eur", balance_transaction=balance(5425))
    lost = dispute(euros, amount=2500, balance_transactions=[])
    assert (dispute_rows(lost)[0]["Amount"], dispute_rows(lost)[0]["Currency"]) == (
        "27.1250",
        "USD",
    )


# ---- who and when --------------------------------------------------------------------------------


def test_refunds_and_disputes_stand_on_their_own_day_with_the_charges_customer():
    made = charge()
    [back], [lost] = refund_rows(refund(made, amount=500)), dispute_rows(dispute(made, amount=900))
    assert (back["Date"], lost["Date"]) == ("2026-01-06T10:00:00Z", "2026-01-07T10:00:00Z")
    assert back["CustomerID"] == lost["CustomerID"] == "ana@example.com"
    assert back["OrderID"] == lost["OrderID"] == "ch_1"
    assert (back["EventID"], lost["EventID"]) == ("re_1", "dp_1")


@pytest.mark.parametrize(
    ("given", "email", "other"),
    [
        ({}, "ana@example.com", "cus_1"),
        ({"customer": "cus_2", "receipt_email": "bo@example.com"}, "bo@example.com", "cus_2"),
        ({"customer": None, "billing_details": {"email": "cy@example.com"}}, "cy@example.com", ""),
        ({"customer": {"id": "cus_3", "deleted": True}}, "", "cus_3"),
        ({"customer": None}, "", ""),
    ],
)
def test_the_customer_is_the_address_or_else_stripes_id(given, email, other):
    [row] = charge_rows(charge(**given))
    assert (row["CustomerID"], row["OtherID"]) == (email, other)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"status": "failed"}, "unpaid_order"),
        ({"status": "pending"}, "unpaid_order"),
        ({"captured": False}, "unpaid_order"),
        ({"livemode": False}, "test_order"),
    ],
)
def test_void_charges_say_why(given, reason):
    assert void_reason(charge(**given)) == reason
    assert charge_rows(charge(**given)) == []


def test_a_refund_whose_charge_is_unknown_is_an_anonymous_return():
    [row] = refund_rows({**refund(charge(), amount=500), "charge": None})
    assert (row["EventName"], row["Amount"], row["CustomerID"]) == ("REFUNDED", "5.0000", "")


def test_the_headers_of_charges_are_those_of_the_data_contract():
    known = {normalised(column.header) for column in COLUMNS}
    assert {normalised(name) for name in charge_rows(charge())[0]} <= known
