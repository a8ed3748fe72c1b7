"""Made-up orders as the API has them: one from its parts, and many from a seed."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

_START = dt.datetime(2023, 1, 1, 8, tzinfo=dt.UTC)
_PRODUCTS = (("MUG", "Mug", "20.00"), ("TOTE", "Tote", "15.00"), ("LAMP", "Lamp", "50.00"))
_RATE = Decimal("0.19")


def money(amount: Decimal | str, currency: str = "EUR") -> dict[str, Any]:
    """Return a MoneyBag. Shop and customer pay in one currency."""
    inner = {"amount": str(amount), "currencyCode": currency}
    return {"shopMoney": inner, "presentmentMoney": inner}


def item(
    number: int, *, price: Decimal | str, sku: str = "MUG", name: str = "Mug", **more: Any
) -> dict[str, Any]:
    """Return a line item."""
    return {
        "id": f"gid://shopify/LineItem/{number}",
        "name": name,
        "sku": sku,
        "quantity": 1,
        "isGiftCard": False,
        "originalUnitPriceSet": money(price),
        "discountedTotalSet": money(price),
        "taxLines": [],
        **more,
    }


def order(
    number: int,
    *,
    created: str,
    items: Sequence[Mapping[str, Any]],
    subtotal: Decimal | str,
    email: str | None = "ada@example.com",
    **more: Any,
) -> dict[str, Any]:
    """Return an order. ``more`` replaces fields."""
    customer = {
        "id": f"gid://shopify/Customer/{number}",
        "defaultEmailAddress": {
            "emailAddress": email, "marketingState": "SUBSCRIBED", "marketingUpdatedAt": created,
        },
        "defaultPhoneNumber": None,
    }  # fmt: skip
    return {
        "id": f"gid://shopify/Order/{number}",
        "name": f"#{number}",
        "createdAt": created,
        "processedAt": created,
        "updatedAt": created,
        "cancelledAt": None,
        "test": False,
        "edited": False,
        "displayFinancialStatus": "PAID",
        "taxesIncluded": False,
        "email": email,
        "phone": None,
        "subtotalPriceSet": money(subtotal),
        "currentSubtotalPriceSet": money(subtotal),
        "totalTaxSet": money("0.00"),
        "totalShippingPriceSet": money("0.00"),
        "originalTotalDutiesSet": None,
        "billingAddress": {
            "name": "Ada Example", "city": "Bremen", "provinceCode": None, "countryCodeV2": "DE",
        },
        "shippingAddress": None,
        "customer": customer if email else None,
        "refunds": [],
        "lineItems": list(items),
        **more,
    }  # fmt: skip


def refund(number: int, *, created: str, amount: Decimal | str) -> dict[str, Any]:
    """Return a refund."""
    return {
        "id": f"gid://shopify/Refund/{number}",
        "createdAt": created,
        "totalRefundedSet": money(amount),
    }


def generated(count: int, *, seed: int = 1, customers: int = 0) -> Iterator[dict[str, Any]]:
    """Yield so many orders, the same for each seed.

    They have one to three lines, taxes on top, refunds for one in twelve, and now and then a
    cancellation, a test or nobody known.
    """
    dice = random.Random(seed)  # noqa: S311 (made-up orders, no secret)
    people = customers or max(1, count // 4)
    for number in range(1, count + 1):
        at = _START + dt.timedelta(seconds=number * 90)
        created = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        items, subtotal = [], Decimal(0)
        for place in range(dice.choice((1, 2, 2, 3))):
            sku, name, price = dice.choice(_PRODUCTS)
            tax = {"priceSet": money((Decimal(price) * _RATE).quantize(Decimal("0.01")))}
            items.append(item(number * 10 + place, price=price, sku=sku, name=name, taxLines=[tax]))
            subtotal += Decimal(price)
        person = dice.randrange(people)
        yield order(
            number,
            created=created,
            items=items,
            subtotal=subtotal,
            email=None if dice.random() < 0.01 else f"customer{person}@example.com",
            totalTaxSet=money(
                sum(
                    (Decimal(each["taxLines"][0]["priceSet"]["shopMoney"]["amount"])
                     for each in items), Decimal(0),
                )
            ),
            **_afterwards(number, at, subtotal, dice),
        )  # fmt: skip


def _afterwards(
    number: int, at: dt.datetime, subtotal: Decimal, dice: random.Random
) -> dict[str, Any]:
    chance = dice.random()
    if chance < 0.005:
        return {"test": True}
    later = (at + dt.timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    if chance < 0.02:
        return {"cancelledAt": later, "updatedAt": later}
    if chance < 0.1:
        given_back = refund(number, created=later, amount=(subtotal / 2).quantize(Decimal("0.01")))
        status = "PARTIALLY_REFUNDED"
        return {"refunds": [given_back], "updatedAt": later, "displayFinancialStatus": status}
    return {}
