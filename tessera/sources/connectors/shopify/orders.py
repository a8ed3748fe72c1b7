"""An order of Shopify with its lines and refunds → rows of the data contract.

The customer and the order's name are those of Shopify's export, so a file that was uploaded before
and the pull show the same customers and orders.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from tessera.events.consent import DENIED, GRANTED
from tessera.events.names import PURCHASED, REFUNDED, UNSUBSCRIBED
from tessera.events.reasons import CANCELLED_ORDER, GIFT_CARD, TEST_ORDER, UNPAID_ORDER
from tessera.sources.connectors.json_values import Json, text
from tessera.sources.connectors.port import PulledRecord
from tessera.sources.connectors.shares import PricedProduct, by_product, written
from tessera.sources.connectors.shopify.money import currency_of, shop_money, worth_of
from tessera.sources.orders.money import NOTHING, Included

_VOID = ("VOIDED", "EXPIRED")
_CONSENT = {
    "SUBSCRIBED": GRANTED,
    "NOT_SUBSCRIBED": DENIED,
    "PENDING": DENIED,
    "UNSUBSCRIBED": DENIED,
}
Row = dict[str, str]


def record_of(
    order: Json, lines: Sequence[Json], *, changed_at: str, included: Included
) -> PulledRecord:
    """Return an order as a record.

    Parameters
    ----------
    order, lines
        The order, and its line items.
    changed_at
        When the pull began: what a later pull reads is newer, whatever Shopify's clock shows.
    included
        What counts as a customer's money beside goods.
    """
    reason = void_reason(order, lines)
    rows = () if reason else tuple(_rows(order, lines, included=included))
    return PulledRecord(key=text(order.get("id")), changed_at=changed_at, rows=rows, reason=reason)


def void_reason(order: Json, lines: Sequence[Json]) -> str:
    """Return why an order is no sale, empty for a sale."""
    if order.get("test"):
        return TEST_ORDER.code
    if text(order.get("displayFinancialStatus")) in _VOID:
        return UNPAID_ORDER.code
    if order.get("cancelledAt"):
        return CANCELLED_ORDER.code
    if lines and all(line.get("isGiftCard") for line in lines):
        return GIFT_CARD.code
    return ""


def email_of(order: Json) -> str:
    """Return the order's e-mail address, or else its customer's."""
    address = _inner(_inner(order, "customer"), "defaultEmailAddress")
    return text(order.get("email")) or text(address.get("emailAddress"))


def phone_of(order: Json) -> str:
    """Return the order's phone number, or else its customer's."""
    number = _inner(_inner(order, "customer"), "defaultPhoneNumber")
    return text(order.get("phone")) or text(number.get("phoneNumber"))


def customer_of(order: Json) -> str:
    """Return the number of the order's customer in the shop. Empty for a sale to nobody known."""
    return _number(_inner(order, "customer").get("id"))


def _rows(order: Json, lines: Sequence[Json], *, included: Included) -> list[Row]:
    facts = _facts(order)
    worth = worth_of(order, lines, included=included)
    purchase = {**facts, "EventName": PURCHASED}
    if worth.sold is None:
        return [{**purchase, "Amount": ""}]
    rows = by_product(purchase, worth.sold, _products(lines))
    for step in worth.steps:
        refund = {
            **facts,
            "EventName": REFUNDED,
            "Date": text(step.refund.get("createdAt")),
            "EventID": f"{facts['EventID']}/refund/{_number(step.refund.get('id'))}",
            "Amount": written(step.amount),
        }
        rows.append(refund)
    return [*rows, *_unsubscribed(order, facts)]


def _facts(order: Json) -> Row:
    email, phone, customer = email_of(order), phone_of(order), customer_of(order)
    place = _inner(order, "billingAddress") or _inner(order, "shippingAddress")
    consent = _CONSENT.get(text(_marketing(order).get("marketingState")), "")
    return {
        "CustomerID": email,
        "OtherID": phone or (f"shopify {customer}" if customer else ""),
        "Date": text(order.get("processedAt")) or text(order.get("createdAt")),
        "Currency": currency_of(order),
        "OrderID": text(order.get("name")) or _number(order.get("id")),
        "EventID": f"shopify/{_number(order.get('id'))}",
        "Username": text(place.get("name")),
        "Email": email,
        "Phone": phone,
        "City": text(place.get("city")),
        "State": text(place.get("provinceCode")),
        "Country": text(place.get("countryCodeV2")),
        "EmailConsent": consent if email else "",
    }


def _unsubscribed(order: Json, facts: Row) -> list[Row]:
    """Return a row for a customer who unsubscribed after the order, on the day of that."""
    marketing = _marketing(order)
    at = text(marketing.get("marketingUpdatedAt"))
    if marketing.get("marketingState") != "UNSUBSCRIBED" or not _is_later(at, facts["Date"]):
        return []
    kept = ("CustomerID", "OtherID", "Email", "Phone", "City", "State", "Country", "Username")
    return [
        {
            **{name: facts[name] for name in kept},
            "EventName": UNSUBSCRIBED,
            "Date": at,
            "EmailConsent": DENIED,
            "EventID": f"shopify/customer/{customer_of(order)}/unsubscribed/{at}",
        }
    ]


def _products(lines: Sequence[Json]) -> list[PricedProduct]:
    return [
        PricedProduct(
            code=text(line.get("sku")),
            name=text(line.get("name")),
            price=shop_money(line.get("discountedTotalSet")) or NOTHING,
        )
        for line in lines
        if not line.get("isGiftCard")
    ]


def _is_later(one: str, other: str) -> bool:
    try:
        return dt.datetime.fromisoformat(one) > dt.datetime.fromisoformat(other)
    except (ValueError, TypeError):
        return False


def _marketing(order: Json) -> Json:
    return _inner(_inner(order, "customer"), "defaultEmailAddress")


def _inner(value: Json, name: str) -> Json:
    inner = value.get(name)
    return inner if isinstance(inner, Mapping) else {}


def _number(gid: object) -> str:
    """Return the number of a global id, such as ``gid://shopify/Order/450789469``."""
    return text(gid).rpartition("/")[2]
