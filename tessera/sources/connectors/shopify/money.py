"""What an order of Shopify is worth, at first and after each refund: by the export's own rules.

Amounts are in the shop's currency. Goods after all discounts count, without gift cards, taxes,
shipping, duties and tips. A refund's money has taxes and perhaps shipping in it and no lines, so it
takes from the goods first, with their taxes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tessera.sources.connectors.json_values import Json, number, objects, text
from tessera.sources.orders.money import NOTHING, Included, OrderMoney, net_sales


@dataclasses.dataclass(frozen=True, kw_only=True)
class MoneyStep:
    """A refund, and what the order was worth before and after it."""

    refund: Json
    amount: Decimal


@dataclasses.dataclass(frozen=True, kw_only=True)
class Worth:
    """What an order was sold for, None if no field shows it, and what was given back."""

    sold: Decimal | None
    steps: tuple[MoneyStep, ...] = ()


def shop_money(value: Any) -> Decimal | None:  # noqa: ANN401 (a JSON value)
    """Return the amount of a MoneyBag in the shop's currency. None without any."""
    inner = value.get("shopMoney") if isinstance(value, dict) else None
    return number(inner.get("amount")) if isinstance(inner, dict) else None


def currency_of(order: Json) -> str:
    """Return the shop's currency."""
    inner = (order.get("subtotalPriceSet") or {}).get("shopMoney") or {}
    return text(inner.get("currencyCode"))


def worth_of(order: Json, lines: Sequence[Json], *, included: Included) -> Worth:
    """Return what an order is worth, and what each refund took off.

    Parameters
    ----------
    order, lines
        The order, and its line items.
    included
        What counts as a customer's money beside goods.
    """
    goods = shop_money(order.get("subtotalPriceSet"))
    if goods is None:
        return Worth(sold=None)
    gift_cards = _total(line for line in lines if line.get("isGiftCard"))
    money = _money(order, lines, goods=goods - gift_cards, gift_cards=gift_cards)
    sold = net_sales(money, included=included) or NOTHING
    refunds = sorted(
        objects(order.get("refunds")), key=lambda one: (text(one.get("createdAt")), text(one["id"]))
    )
    steps, back, before = [], NOTHING, sold
    for refund in refunds:
        back += abs(shop_money(refund.get("totalRefundedSet")) or NOTHING)
        after = net_sales(dataclasses.replace(money, refunded=back), included=included)
        after = before if after is None else min(after, before)
        if after < before:
            steps.append(MoneyStep(refund=refund, amount=before - after))
        before = after
    sold += _edited(order, sold=sold, left=before, goods=goods - gift_cards, gift_cards=gift_cards)
    return Worth(sold=sold, steps=tuple(steps))


def _money(
    order: Json, lines: Sequence[Json], *, goods: Decimal, gift_cards: Decimal
) -> OrderMoney:
    tax = shop_money(order.get("totalTaxSet")) or NOTHING
    shipping = shop_money(order.get("totalShippingPriceSet")) or NOTHING
    duties = shop_money(order.get("originalTotalDutiesSet")) or NOTHING
    of_lines = _taxes(lines)
    outside = NOTHING if order.get("taxesIncluded") else tax
    return OrderMoney(
        goods=goods,
        total=goods + gift_cards + shipping + duties + outside,
        gift_cards=gift_cards,
        tax=tax,
        shipping=shipping,
        shipping_tax=max(tax - of_lines, NOTHING) if of_lines else None,
        duties=duties,
    )


def _edited(
    order: Json, *, sold: Decimal, left: Decimal, goods: Decimal, gift_cards: Decimal
) -> Decimal:
    """Return what later edits of an order added to the sale, or took off it.

    ``currentSubtotalPriceSet`` is what remains after edits and returns. What refunds have taken off
    already does not come off again.
    """
    current = shop_money(order.get("currentSubtotalPriceSet"))
    if not order.get("edited") or current is None or goods <= 0:
        return NOTHING
    remains = (sold * max(current - gift_cards, NOTHING) / goods).quantize(Decimal("0.0001"))
    if current - gift_cards > goods:
        return remains - sold
    return min(remains - left, NOTHING)


def _total(lines: Any) -> Decimal:  # noqa: ANN401 (an iterable of JSON objects)
    return sum((shop_money(line.get("discountedTotalSet")) or NOTHING for line in lines), NOTHING)


def _taxes(lines: Sequence[Json]) -> Decimal:
    return sum(
        (
            shop_money(tax.get("priceSet")) or NOTHING
            for line in lines
            for tax in objects(line.get("taxLines"))
        ),
        NOTHING,
    )
