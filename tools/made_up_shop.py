"""Write examples/shopify_orders.csv: ``python -m tools.made_up_shop``.

A made-up coffee shop in the layout of Shopify's order export. Customers buy at a pace of their
choosing and leave after a purchase with a probability that varies, as in the BG/NBD model.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Iterator
from pathlib import Path

HEADER = """\
Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,
Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,
Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,
Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing City,
Billing Province,Billing Country,Cancelled at,Payment Method,Refunded Amount,Vendor,Id,Source,
Lineitem discount"""
COLUMNS = HEADER.replace("\n", "").split(",")
FILE = Path(__file__).resolve().parents[1] / "examples" / "shopify_orders.csv"
CATALOG = (
    ("House Blend 250 g", "HOUSE-250", 9.5),
    ("House Blend 1 kg", "HOUSE-1000", 32.0),
    ("Single Origin 250 g", "SINGLE-250", 14.0),
    ("Decaf 250 g", "DECAF-250", 10.5),
    ("Paper Filters", "FILTERS", 6.0),
    ("Hand Grinder", "GRINDER", 79.0),
)
CITIES = (("Springfield", "IL"), ("Franklin", "TN"), ("Salem", "OR"), ("Georgetown", "TX"))
FIRST_DAY = dt.datetime(2025, 1, 6, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
DAYS = 510
CUSTOMERS = 400
_REFUNDED = 0.03


def orders(seed: int = 18) -> Iterator[list[dict[str, str]]]:
    """Yield the orders by time, each as the rows of its lines."""
    draw = random.Random(seed)  # noqa: S311 (made-up data, no secret)
    placed: list[tuple[dt.datetime, int]] = []
    for customer in range(1, CUSTOMERS + 1):
        day = draw.uniform(0, DAYS - 20)
        gap = 1 / draw.gammavariate(2.0, 1 / 70)
        leaves = draw.betavariate(1.0, 3.0)
        while day < DAYS:
            placed.append((FIRST_DAY + dt.timedelta(minutes=int(day * 1440)), customer))
            if draw.random() < leaves:
                break
            day += 1 + draw.expovariate(1 / gap)
    for number, (at, customer) in enumerate(sorted(placed), start=1001):
        yield _order(draw, number, at, customer)


def _order(
    draw: random.Random, number: int, at: dt.datetime, customer: int
) -> list[dict[str, str]]:
    items = draw.sample(CATALOG, k=draw.choice((1, 1, 2)))
    lines = [(name, sku, price, draw.choice((1, 1, 1, 2))) for name, sku, price in items]
    gross = sum(price * quantity for _, _, price, quantity in lines)
    refunded = gross if draw.random() < _REFUNDED else 0.0
    created = at.strftime("%Y-%m-%d %H:%M:%S %z")
    city, province = CITIES[customer % len(CITIES)]
    order = {
        "Financial Status": "refunded" if refunded else "paid",
        "Paid at": created,
        "Fulfillment Status": "fulfilled",
        "Accepts Marketing": "yes" if customer % 3 else "no",
        "Currency": "USD",
        "Subtotal": f"{gross:.2f}",
        "Shipping": "5.00",
        "Taxes": "0.00",
        "Total": f"{gross + 5:.2f}",
        "Discount Amount": "0.00",
        "Shipping Method": "Standard",
        "Billing City": city,
        "Billing Province": province,
        "Billing Country": "US",
        "Payment Method": "Shopify Payments",
        "Refunded Amount": f"{refunded:.2f}",
        "Id": str(5_550_000_000_000 + number),
        "Source": "web",
    }
    rows: list[dict[str, str]] = []
    for name, sku, price, quantity in lines:
        line = {
            "Name": f"#{number}",
            "Email": f"customer-{customer}@example.com",
            "Created at": created,
            "Lineitem quantity": str(quantity),
            "Lineitem name": name,
            "Lineitem price": f"{price:.2f}",
            "Lineitem sku": sku,
            "Lineitem requires shipping": "true",
            "Lineitem taxable": "true",
            "Lineitem fulfillment status": "fulfilled",
            "Vendor": "Example Coffee",
            "Lineitem discount": "0.00",
        }
        rows.append(line if rows else {**order, **line})
    return rows


def text() -> str:
    """Return the whole file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for rows in orders():
        writer.writerows(rows)
    return out.getvalue()


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
