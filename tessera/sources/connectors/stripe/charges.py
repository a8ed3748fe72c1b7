"""Charges, refunds and disputes of Stripe → rows of the data contract.

Stripe knows no goods, taxes or shipping: a charge is an order, and what was captured is its money.
Money is in the currency that the account settles in, as in the dashboard's export. A refund and a
lost dispute count on their own day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tessera.events.names import PURCHASED, REFUNDED
from tessera.events.reasons import TEST_ORDER, UNPAID_ORDER
from tessera.sources.connectors.shares import written
from tessera.sources.connectors.stripe.money import amount_of

LOST = "lost"
_PAID = "succeeded"
_NO_REFUND = ("failed", "canceled")
_NOTHING = Decimal(0)

Json = Mapping[str, Any]
Row = dict[str, str]


def charge_rows(charge: Json) -> list[Row]:
    """Return the row of a charge, with ``customer`` and ``balance_transaction`` expanded.

    None for a charge that is void.
    """
    if void_reason(charge):
        return []
    amount, currency = _settled(charge)
    money = {"EventName": PURCHASED, "Amount": written(amount), "Currency": currency}
    return [{**_facts(charge), **money}]


def void_reason(charge: Json) -> str:
    """Return why a charge is no sale, empty for a sale."""
    if charge.get("livemode") is False:
        return TEST_ORDER.code
    return "" if _is_paid(charge) else UNPAID_ORDER.code


def refund_rows(refund: Json) -> list[Row]:
    """Return the row of a refund, with its charge expanded. None when no money moves.

    A refund of what was never captured has no balance transaction: only the hold on the card ends.
    """
    moved = _balance(refund)
    if moved is None or _text(refund.get("status")) in _NO_REFUND:
        return []
    units, currency = moved
    return [_returned(refund, amount_of(abs(units), currency), currency)]


def dispute_rows(dispute: Json) -> list[Row]:
    """Return the row of a lost dispute, with its charge expanded. None for any other.

    It takes no more than what is left of the charge.
    """
    if _text(dispute.get("status")) != LOST:
        return []
    charge = _charge(dispute)
    amount, currency = _lost(dispute, charge)
    if charge:
        worth, settled = _settled(charge)
        left = max(worth - _refunded(charge), _NOTHING)
        amount = min(amount, left) if settled == currency else amount
    return [_returned(dispute, amount, currency)] if amount else []


# ---- who and when ------------------------------------------------------------------------------


def _facts(charge: Json) -> Row:
    """Return the cells that a charge's rows share.

    The e-mail address is the customer, as in the dashboard's export: a guest gets a new customer
    id at each checkout.
    """
    customer, billing = charge.get("customer"), _object(charge.get("billing_details"))
    known = _object(customer)
    address = _object(billing.get("address"))
    addresses = (known.get("email"), billing.get("email"), charge.get("receipt_email"))
    email = next((text for value in addresses if (text := _text(value))), "")
    name = _text(charge.get("id"))
    return {
        "CustomerID": email,
        "OtherID": _text(known.get("id")) or _text(customer),
        "Date": instant_of(charge.get("created")),
        "Currency": _text(charge.get("currency")).upper(),
        "OrderID": name,
        "EventID": name,
        "Username": _text(billing.get("name")) or _text(known.get("name")),
        "Email": email,
        "Phone": _text(billing.get("phone")) or _text(known.get("phone")),
        "City": _text(address.get("city")),
        "State": _text(address.get("state")),
        "Country": _text(address.get("country")),
    }


def instant_of(seconds: Any) -> str:  # noqa: ANN401 (a JSON value)
    """Return an instant of Stripe in ISO 8601, UTC. Empty for what is none."""
    if not isinstance(seconds, int):
        return ""
    return f"{dt.datetime.fromtimestamp(seconds, tz=dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def _returned(document: Json, amount: Decimal, currency: str) -> Row:
    return {
        **_facts(_charge(document)),
        "EventName": REFUNDED,
        "Date": instant_of(document.get("created")),
        "EventID": _text(document.get("id")),
        "Amount": written(amount),
        "Currency": currency,
    }


def _charge(document: Json) -> Json:
    """Return the charge of a refund or dispute. A charge that is not expanded has only its id."""
    charge = document.get("charge")
    return _object(charge) or {"id": _text(charge)}


# ---- money -------------------------------------------------------------------------------------


def _is_paid(charge: Json) -> bool:
    return _text(charge.get("status")) == _PAID and bool(charge.get("captured"))


def _settled(charge: Json) -> tuple[Decimal, str]:
    """Return what a charge brought before fees, and in which currency."""
    moved = _balance(charge)
    if moved is not None:
        return amount_of(moved[0], moved[1]), moved[1]
    currency = _text(charge.get("currency")).upper()
    return amount_of(_captured(charge), currency), currency


def _captured(charge: Json) -> int:
    captured = charge.get("amount_captured")
    return _units(charge.get("amount") if captured is None else captured)


def _balance(document: Json) -> tuple[int, str] | None:
    """Return what a document's balance transaction moved, in units and a currency."""
    transaction = _object(document.get("balance_transaction"))
    if not transaction:
        return None
    return _units(transaction.get("amount")), _text(transaction.get("currency")).upper()


def _refunded(charge: Json) -> Decimal:
    """Return what was given back of a charge so far, in the currency that it settled in."""
    captured = _captured(charge)
    # The part of an authorization that was not captured counts as refunded.
    uncaptured = max(_units(charge.get("amount")) - captured, 0)
    back = max(_units(charge.get("amount_refunded")) - uncaptured, 0)
    return _settled(charge)[0] * back / captured if captured else _NOTHING


def _lost(dispute: Json, charge: Json) -> tuple[Decimal, str]:
    moves = [one for one in dispute.get("balance_transactions") or () if isinstance(one, Mapping)]
    taken = -sum(_units(one.get("amount")) for one in moves)
    if taken > 0:
        currency = _text(moves[0].get("currency")).upper()
        return amount_of(taken, currency), currency
    currency = _text(dispute.get("currency")).upper()
    amount = amount_of(_units(dispute.get("amount")), currency)
    captured = amount_of(_captured(charge), currency) if "amount" in charge else _NOTHING
    if not captured:
        return amount, currency
    worth, settled = _settled(charge)
    return amount * worth / captured, settled


def _units(value: Any) -> int:  # noqa: ANN401 (a JSON value)
    return value if isinstance(value, int) else 0


def _text(value: Any) -> str:  # noqa: ANN401 (a JSON value)
    return value.strip() if isinstance(value, str) else ""


def _object(value: Any) -> Json:  # noqa: ANN401 (a JSON value)
    return value if isinstance(value, Mapping) else {}
