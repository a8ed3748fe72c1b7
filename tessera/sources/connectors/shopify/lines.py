"""The lines of a bulk operation's result → records: line items join their order by its id."""

from __future__ import annotations

import collections
from collections.abc import Sequence
from typing import Any

from tessera.destinations.requests import Malformed
from tessera.sources.connectors.json_values import Json, text
from tessera.sources.connectors.port import PulledRecord
from tessera.sources.connectors.shopify.orders import customer_of, email_of, phone_of, record_of
from tessera.sources.orders.money import Included

PARENT = "__parentId"
WITH_CUSTOMER, WITH_CONTACT = "with_customer", "with_contact"


def records_of(
    lines: Sequence[Any], *, changed_at: str, included: Included
) -> tuple[list[PulledRecord], str, dict[str, int]]:
    """Return the orders of a part as records, when the oldest was created, and counts.

    Parameters
    ----------
    lines
        Orders and their line items, in any order. A line item's order is among them.
    changed_at, included
        As of ``record_of``.

    Raises
    ------
    Malformed
        A line has no id, or its order is missing: the file was cut short.
    """
    orders: dict[str, Json] = {}
    items: dict[str, list[Json]] = collections.defaultdict(list)
    for line in lines:
        if not isinstance(line, dict) or not text(line.get("id")):
            raise Malformed("a line of the orders' file has no id")
        if PARENT in line:
            items[text(line[PARENT])].append(line)
        else:
            orders[text(line["id"])] = line
    if items.keys() - orders.keys():
        raise Malformed("the orders' file has line items without their order")
    records = [
        record_of(order, items[key], changed_at=changed_at, included=included)
        for key, order in orders.items()
    ]
    created = [text(order.get("createdAt")) for order in orders.values()]
    counts = {
        WITH_CUSTOMER: sum(1 for order in orders.values() if customer_of(order)),
        WITH_CONTACT: sum(1 for order in orders.values() if email_of(order) or phone_of(order)),
    }
    return records, min(filter(None, created), default=""), counts
