"""An order of WooCommerce with its refunds → rows of the data contract.

Net sales are what WooCommerce's own reports show: the total less all taxes and shipping, so fees
stay in. A refund counts on its own day. What each product brought has its own row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tessera.events.names import PURCHASED, REFUNDED
from tessera.events.reasons import CANCELLED_ORDER, UNPAID_ORDER
from tessera.sources.connectors.json_values import Json, is_bad, number, objects, text
from tessera.sources.connectors.shares import PricedProduct, by_product
from tessera.sources.orders.money import NOTHING, Included, OrderMoney, net_sales

SOURCE = "woocommerce"
# WooCommerce's reports omit these statuses by default. Every other one counts, also a plug-in's.
VOID = {
    "cancelled": CANCELLED_ORDER.code,
    "trash": CANCELLED_ORDER.code,
    "auto-draft": UNPAID_ORDER.code,
    "checkout-draft": UNPAID_ORDER.code,
    "draft": UNPAID_ORDER.code,
    "failed": UNPAID_ORDER.code,
    "pending": UNPAID_ORDER.code,
}
_REFUNDED_STATUS = "refunded"
_TO_SCALE = Decimal("0.0001")
_GOODS, _SHIPPING = ("line_items", "fee_lines"), ("shipping_lines",)


Row = dict[str, str]


def rows_of(order: Json, refunds: Sequence[Json], *, included: Included) -> list[Row]:
    """Return the rows of an order.

    Parameters
    ----------
    order
        As ``/orders`` lists it.
    refunds
        As ``/orders/{id}/refunds`` lists them, in any order.
    included
        What counts as a customer's money beside goods.

    Returns
    -------
    list
        None for an order that is void. Otherwise the purchase by product, and each refund by
        product. A cell that cannot be read stays as it came, so that the run rejects its row.
    """
    if void_reason(order):
        return []
    facts = _facts(order)
    money, unread = _money(order)
    worth = None if unread else net_sales(money, included=included)
    if worth is None:
        return [{**facts, "EventName": PURCHASED, "Amount": unread}]
    purchase = {**facts, "EventName": PURCHASED}
    rows = by_product(purchase, worth, _products(order, included=included))
    for refund, before, after in _steps(order, refunds, money, worth, included=included):
        returned = {
            **facts,
            "EventName": REFUNDED,
            "Date": _instant(refund.get("date_created_gmt")),
            "EventID": f"{facts['EventID']}/{text(refund.get('id')) or 'refunded'}",
        }
        rows += by_product(returned, before - after, _products(refund, included=included))
    return rows


def void_reason(order: Json) -> str:
    """Return why an order is no sale, empty for a sale."""
    return VOID.get(status_of(order), "")


def status_of(order: Json) -> str:
    """Return an order's status without the prefix that some versions write."""
    return text(order.get("status")).removeprefix("wc-")


def order_id(order: Json) -> str:
    """Return the order's own id, which nothing else in the shop has. Empty when it has none."""
    return text(order.get("id"))


def modified_at(order: Json) -> str:
    """Return when an order was last modified, in UTC without an offset. Empty when unknown."""
    return text(order.get("date_modified_gmt"))


def has_refunds(order: Json) -> bool:
    """Return whether refunds have to be asked for: a void order's change nothing."""
    return bool(objects(order.get("refunds"))) and status_of(order) not in VOID


# ---- who, when and what ------------------------------------------------------------------------


def _facts(order: Json) -> Row:
    """Return the cells that all rows of an order share.

    The e-mail address is the customer, as in the exports of a plug-in: guests all have the
    customer id 0, and the same person may be a guest in one order and signed in in the next.
    """
    billing = order.get("billing")
    billing = billing if isinstance(billing, Mapping) else {}
    account = text(order.get("customer_id"))
    email, phone = text(billing.get("email")), text(billing.get("phone"))
    return {
        "CustomerID": email,
        "OtherID": phone or (f"woocommerce {account}" if account not in ("", "0") else ""),
        "Date": _instant(order.get("date_created_gmt")),
        "Currency": text(order.get("currency")),
        "OrderID": text(order.get("number")) or order_id(order),
        "EventID": f"{SOURCE}/{order_id(order)}",
        "Username": text(billing.get("first_name")),
        "Email": email,
        "Phone": phone,
        "City": text(billing.get("city")),
        "State": text(billing.get("state")),
        "Country": text(billing.get("country")),
    }


def _products(document: Json, *, included: Included) -> list[PricedProduct]:
    """Return the products of an order or of a refund, with what each cost or gave back."""
    products = []
    for line in objects(document.get("line_items")):
        price = abs(number(line.get("total")) or NOTHING)
        tax = abs(number(line.get("total_tax")) or NOTHING) if included.tax else NOTHING
        code = text(line.get("sku")) or text(line.get("product_id"))
        products.append(PricedProduct(code=code, name=text(line.get("name")), price=price + tax))
    return products


# ---- money -------------------------------------------------------------------------------------


def _money(order: Json) -> tuple[OrderMoney, str]:
    """Return an order's money, and the first cell of it that is no number."""
    names = ("total", "total_tax", "shipping_total", "shipping_tax")
    numbers = {name: number(order.get(name)) for name in names}
    bad = next((text(order.get(name)) for name in names if is_bad(order.get(name))), "")
    money = OrderMoney(
        total=numbers["total"],
        tax=numbers["total_tax"],
        shipping=numbers["shipping_total"],
        shipping_tax=numbers["shipping_tax"],
    )
    return money, bad


def _steps(
    order: Json, refunds: Sequence[Json], money: OrderMoney, worth: Decimal, *, included: Included
) -> Iterator[tuple[Json, Decimal, Decimal]]:
    """Yield each refund with what the order was worth before it and after it.

    What a refund gives back by lines is known. What it gives back without saying of what is taken
    from the goods first, with their taxes. The order never goes below zero.
    """
    left, back = worth, NOTHING
    floor = min(worth, NOTHING)
    for refund in sorted(refunds, key=lambda one: text(one.get("date_created_gmt"))):
        by_lines, gross = _by_lines(refund, included=included)
        rest = max(abs(number(refund.get("amount")) or NOTHING) - gross, NOTHING)
        before = _worth_less(money, back, included=included)
        back += rest
        by_rest = before - _worth_less(money, back, included=included)
        after = max(left - by_lines - by_rest, floor)
        if after < left:
            yield refund, left, after
        left = after
    if status_of(order) == _REFUNDED_STATUS and left > 0 and not refunds:
        yield {"date_created_gmt": modified_at(order)}, left, floor


def _worth_less(money: OrderMoney, back: Decimal, *, included: Included) -> Decimal:
    reduced = OrderMoney(
        total=money.total,
        tax=money.tax,
        shipping=money.shipping,
        shipping_tax=money.shipping_tax,
        refunded=back,
    )
    return net_sales(reduced, included=included) or NOTHING


def _by_lines(refund: Json, *, included: Included) -> tuple[Decimal, Decimal]:
    """Return what a refund's lines give back of what counts, and all that they give back."""
    net = gross = NOTHING
    for kinds, counts in ((_GOODS, True), (_SHIPPING, included.shipping)):
        for line in (line for kind in kinds for line in objects(refund.get(kind))):
            total = abs(number(line.get("total")) or NOTHING)
            tax = abs(number(line.get("total_tax")) or NOTHING)
            gross += total + tax
            if counts:
                net += total + (tax if included.tax else NOTHING)
    return net.quantize(_TO_SCALE, ROUND_HALF_UP), gross


def _instant(value: Any) -> str:  # noqa: ANN401 (a JSON value)
    """Return an instant in UTC with its offset, which WooCommerce omits."""
    written_at = text(value)
    try:
        instant = dt.datetime.fromisoformat(written_at)
    except ValueError:
        return written_at
    return written_at if instant.tzinfo else f"{written_at}Z"
