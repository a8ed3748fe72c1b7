"""Made-up charges, refunds and disputes as Stripe's API has them, also from rows of an export."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from tessera.sources.connectors.stripe.money import WITHOUT_DECIMALS

JANUARY_5 = 1767607200  # 2026-01-05T10:00:00Z


def balance(amount, currency="usd"):
    return {"id": "txn_1", "object": "balance_transaction", "amount": amount, "currency": currency}


def charge(charge_id="ch_1", *, amount=10_000, currency="usd", **given):
    """A charge of 100.00 dollars, with its customer and its balance transaction expanded."""
    return {
        "id": charge_id, "object": "charge", "amount": amount, "amount_captured": amount,
        "amount_refunded": 0, "currency": currency, "captured": True, "status": "succeeded",
        "livemode": True, "created": JANUARY_5, "receipt_email": None,
        "billing_details": {"email": None, "name": None, "phone": None, "address": None},
        "customer": {"id": "cus_1", "object": "customer", "email": "ana@example.com"},
        "balance_transaction": balance(amount, currency),
        **given,
    }  # fmt: skip


def refund(of, refund_id="re_1", *, amount, at=JANUARY_5 + 86_400, **given):
    return {
        "id": refund_id, "object": "refund", "amount": amount, "currency": of["currency"],
        "status": "succeeded", "created": at, "charge": of,
        "balance_transaction": balance(-amount, of["currency"]),
        **given,
    }  # fmt: skip


def dispute(of, dispute_id="dp_1", *, amount, status="lost", **given):
    return {
        "id": dispute_id, "object": "dispute", "amount": amount, "currency": of["currency"],
        "status": status, "created": JANUARY_5 + 172_800, "charge": of,
        "balance_transactions": [balance(-amount, of["currency"])],
        **given,
    }  # fmt: skip


def _units(text, currency):
    number = Decimal(text.replace(",", ""))
    return int(number if currency.upper() in WITHOUT_DECIMALS else number * 100)


_STATUSES = {
    "Paid": "succeeded", "Refunded": "succeeded", "Failed": "failed", "Pending": "pending",
    "Uncaptured": "succeeded", "Canceled": "failed",
}  # fmt: skip


def from_export(row):
    """Return the charge, refunds and disputes of a row of the dashboard's payments export."""
    currency, settled = row["Currency"], row["Converted Currency"]
    units = _units(row["Amount"], currency)
    email, customer = row["Customer Email"] or None, row["Customer ID"]
    made = charge(
        row["id"], amount=units, currency=currency,
        amount_refunded=_units(row["Amount Refunded"], currency),
        captured=row["Captured"] == "true",
        status=_STATUSES[row["Status"]],
        livemode=row["Mode"] == "Live",
        created=int(
            dt.datetime.fromisoformat(row["Created date (UTC)"]).replace(tzinfo=dt.UTC).timestamp()
        ),
        customer={"id": customer, "email": email} if customer else None,
        billing_details={"email": None if customer else email, "address": None},
        balance_transaction=balance(_units(row["Converted Amount"], settled), settled),
    )  # fmt: skip
    back = _units(row["Converted Amount Refunded"], settled)
    refunds = [refund(made, f"re_{row['id']}", amount=made["amount_refunded"],
                      balance_transaction=balance(-back, settled))] if back else []  # fmt: skip
    disputes = []
    if row["Disputed Amount"]:
        units = _units(row["Disputed Amount"], currency)
        disputes = [dispute(made, f"dp_{row['id']}", amount=units, status=row["Dispute Status"])]
    return made, refunds, disputes
