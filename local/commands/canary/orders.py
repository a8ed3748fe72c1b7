"""The canary's upload: a few made-up customers whose orders end yesterday."""

from __future__ import annotations

import csv
import datetime as dt
import io

CUSTOMERS = 40
FILE_NAME = "canary.csv"
_HEADER = ("CustomerID", "Username", "Address", "Date", "EventName", "UnitPrice", "Quantity")
_HOUR = 10


def orders_csv(*, today: dt.date) -> str:
    """Return the upload of one day, the same text for the same day.

    Customers differ in how many orders they have, how old the last one is and what it cost, so
    that scores, clusters and segments all differ.
    """
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(_HEADER)
    for number in range(CUSTOMERS):
        for days_ago, price in _orders(number):
            moment = dt.datetime.combine(today - dt.timedelta(days=days_ago), dt.time(_HOUR))
            lines.writerow(
                (
                    f"canary-{number:03}",
                    f"Canary {number:03}",
                    f"canary-{number:03}@example.com",
                    moment.isoformat(),
                    "Purchased",
                    f"{price}.00",
                    1,
                )
            )
    return text.getvalue()


def _orders(number: int) -> list[tuple[int, int]]:
    """Return a customer's orders: days ago, and the price in whole units."""
    last, orders, gap = 1 + number * 7 % 300, 1 + number % 6, 9 + number % 5 * 8
    return [(last + gap * order, 10 + number * 3 + order) for order in range(orders)]
