"""Made-up orders of a store, each by its number alone: a million need no memory."""

from __future__ import annotations

import random
from typing import Any

from local.services.woocommerce.book import Order, OrderBook, instant_of

_FIRST_SECOND = 1_672_531_200  # 2023-01-01T00:00:00Z
_STEP_SECONDS = 90
_STATUSES = ("completed",) * 12 + ("processing", "on-hold", "cancelled", "failed", "packed")
_PRODUCTS = tuple((f"SKU-{number}", f"Product {number}", 5 + 3 * number) for number in range(1, 40))


def made_book(orders: int, *, seed: int = 1, refunded_share: float = 0.03) -> OrderBook:
    """Return a store with made-up orders, one each 90 seconds.

    Parameters
    ----------
    refunded_share
        The share of orders of which something was given back.
    """

    def make(order_id: int) -> tuple[Order, list[Order]]:
        return _made(order_id, seed=seed, refunded_share=refunded_share)

    return OrderBook((_created(number) for number in range(1, orders + 1)), make=make)


def _created(number: int) -> int:
    return _FIRST_SECOND + number * _STEP_SECONDS


def _made(number: int, *, seed: int, refunded_share: float) -> tuple[Order, list[Order]]:
    chance = random.Random(f"{seed} {number}")  # noqa: S311 (made-up orders)
    created = instant_of(_created(number))
    lines = [_line(place, chance) for place in range(1, chance.choice((1, 1, 2, 3)) + 1)]
    goods = sum(line["cents"] for line in lines)
    status = chance.choice(_STATUSES)
    refunds = []
    if status == "completed" and chance.random() < refunded_share:
        refunds = [_refund(number, lines[0], created)]
    customer = int(number * chance.random()) // 3
    order = {
        "id": number,
        "number": str(number),
        "status": status,
        "currency": "EUR",
        "date_created_gmt": created,
        "date_modified_gmt": created,
        "total": _money(goods + goods // 5 + 600),
        "total_tax": _money(goods // 5 + 100),
        "shipping_total": "5.00",
        "shipping_tax": "1.00",
        "customer_id": customer % 2,
        "billing": {
            "first_name": "",
            "email": f"customer-{customer}@example.com",
            "phone": "",
            "city": "",
            "state": "",
            "country": "AT",
        },
        "line_items": [{name: line[name] for name in line if name != "cents"} for line in lines],
        "fee_lines": [],
        "refunds": [{"id": one["id"], "total": f"-{one['amount']}"} for one in refunds],
    }
    return order, refunds


def _line(place: int, chance: random.Random) -> dict[str, Any]:
    sku, name, price = chance.choice(_PRODUCTS)
    quantity = chance.choice((1, 1, 1, 2))
    cents = price * quantity * 100
    return {
        "id": place, "name": name, "product_id": price, "sku": sku, "quantity": quantity,
        "total": _money(cents), "total_tax": _money(cents // 5), "cents": cents,
    }  # fmt: skip


def _refund(number: int, line: dict[str, Any], created: str) -> dict[str, Any]:
    back = {"name": line["name"], "sku": line["sku"], "product_id": line["product_id"]}
    given = {"total": f"-{line['total']}", "total_tax": f"-{line['total_tax']}"}
    return {
        "id": 10_000_000 + number,
        "date_created_gmt": created,
        "amount": _money(line["cents"] + line["cents"] // 5),
        "line_items": [{**back, **given, "quantity": -line["quantity"]}],
        "shipping_lines": [],
        "fee_lines": [],
    }


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
