"""Where a pull of WooCommerce is, and which orders come next.

Orders are listed by when they were modified, and each request begins at the second of the last
order. So a page number never counts beyond one second. Where more orders share a second than a
list has, they are listed by id, page by page. If one of them leaves the second meanwhile, their
number changes, and the second is listed again.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Self
from urllib.parse import urlencode

from tessera.destinations.requests import Malformed
from tessera.sources.connectors.json_values import Json
from tessera.sources.connectors.woocommerce.orders import modified_at

ORDERS, TRASH, END = "orders", "trash", "end"
BEGINNING = "2000-01-01T00:00:00"  # before WooCommerce was
_SECOND = dt.timedelta(seconds=1)
# Named, because an order has addresses and notes that nobody needs here.
_FIELDS = (
    "id", "number", "status", "currency", "date_created_gmt", "date_modified_gmt", "total",
    "total_tax", "shipping_total", "shipping_tax", "customer_id", "billing", "line_items",
    "refunds",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, kw_only=True)
class OrdersPlace:
    """Where a pull is.

    Parameters
    ----------
    phase
        Orders are listed first, and then those in the trash.
    after
        The second at which the next request begins: ISO 8601 in UTC, without an offset.
    page
        The page within that second, 0 where the orders of one page end in a later second.
    total
        How many orders the second had at its first page.
    last
        The second of the last order of the first phase.
    """

    phase: str = ORDERS
    after: str = BEGINNING
    page: int = 0
    total: int = 0
    last: str = ""

    @classmethod
    def parse(cls, value: Mapping[str, Any]) -> Self:
        """Return the place that a cursor has."""
        return cls(**value)

    def to_json(self) -> dict[str, Any]:
        """Return what a cursor keeps."""
        return dataclasses.asdict(self)

    def path(self, size: int) -> str:
        """Return the request of the next list of at most so many orders."""
        query: dict[str, Any] = {
            "modified_after": moved(self.after, -_SECOND),  # orders after this second, not in it
            "dates_are_gmt": "true",
            "status": "any" if self.phase == ORDERS else TRASH,
            "orderby": "id" if self.page else "modified",
            "order": "asc",
            "per_page": size,
            "page": max(self.page, 1),
            "_fields": ",".join(_FIELDS),
        }
        if self.page:
            query["modified_before"] = moved(self.after, _SECOND)
        return f"/orders?{urlencode(query, safe=':,')}"

    def following(
        self, orders: Sequence[Json], *, total: int, size: int, since: str
    ) -> OrdersPlace:
        """Return the place after a list of orders.

        Parameters
        ----------
        orders
            What was listed.
        total
            How many orders the request has in all pages.
        size
            How many a list has at most.
        since
            Where the next phase begins. Empty where there is none: a full pull lists what there is.

        Raises
        ------
        Malformed
            The orders are not those that were asked for.
        """
        self._check(orders)
        if self.page:
            return self._within(total, size=size)
        if len(orders) < size:
            return self._ended(orders, since=since)
        last = modified_at(orders[-1])
        if last == self.after:
            return dataclasses.replace(self, page=1)
        return self._reached(last)

    def _within(self, total: int, *, size: int) -> OrdersPlace:
        """Return the place after a page of one second."""
        if self.page > 1 and total != self.total:
            return dataclasses.replace(self, page=1, total=0)
        if self.page * size < total:
            return dataclasses.replace(self, page=self.page + 1, total=total)
        return self._reached(moved(self.after, _SECOND))

    def _reached(self, second: str) -> OrdersPlace:
        last = second if self.phase == ORDERS else self.last
        return dataclasses.replace(self, after=second, page=0, total=0, last=last)

    def _ended(self, orders: Sequence[Json], *, since: str) -> OrdersPlace:
        last = modified_at(orders[-1]) if orders and self.phase == ORDERS else self.last
        if self.phase == ORDERS and since:
            return OrdersPlace(phase=TRASH, after=since, last=last)
        return dataclasses.replace(self, phase=END, last=last)

    def _check(self, orders: Sequence[Json]) -> None:
        seconds = [modified_at(order) for order in orders]
        if not self.page and seconds != sorted(seconds):
            raise Malformed("orders are not in the order of their modification")
        if seconds and min(seconds) < self.after:
            raise Malformed(
                "orders are older than those that were asked for, as from a WooCommerce before 5.8"
            )
        if self.page and seconds and max(seconds) > self.after:
            raise Malformed("orders are newer than those that were asked for")


def moved(second: str, by: dt.timedelta) -> str:
    """Return another instant, in the same form.

    Raises
    ------
    Malformed
        The first one is none.
    """
    try:
        return (dt.datetime.fromisoformat(second) + by).isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        raise Malformed(f"the instant {second[:40]!r} is none") from None
