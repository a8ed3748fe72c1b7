"""A shop: its orders, what its key may do, and its bulk operations."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from local.services.shopify.documents import Selected
from local.services.shopify.results import lines, since_of

RIGHTS = ("read_orders", "read_all_orders", "read_customers")
_LIMIT = dt.timedelta(days=60)
_KEPT = dt.timedelta(days=7)
_AT_ONCE = 5
Order = Mapping[str, Any]


@dataclasses.dataclass
class Operation:
    """A bulk operation. It takes ``looks`` looks until it has ended as ``ends``."""

    number: int
    node: Selected
    since: str
    created_at: dt.datetime
    looks: int
    ends: str = "COMPLETED"
    error: str | None = None
    count: int = -1
    size: int = 0

    @property
    def id(self) -> str:
        """Its global id."""
        return f"gid://shopify/BulkOperation/{self.number}"


class Shop:
    """A shop in memory.

    Parameters
    ----------
    every
        Gives all orders, as the API has them. By default those of ``orders``.
    now
        Shopify's clock.
    """

    def __init__(
        self,
        every: Callable[[], Iterable[Order]] | None = None,
        *,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self.orders: dict[str, Order] = {}
        self.rights: set[str] = set(RIGHTS)
        self.created_at = "2019-03-01T09:00:00Z"
        self.looks = 2
        self.endings: collections.deque[tuple[str, str | None]] = collections.deque()
        self.operations: list[Operation] = []
        self.now = now
        self._every = every or self._stored
        self._is_large = every is not None

    def _stored(self) -> Iterable[Order]:
        return self.orders.values()

    def about(self) -> dict[str, Any]:
        """Return the shop and the app in it."""
        return {
            "currentAppInstallation": {
                "accessScopes": [{"handle": right} for right in sorted(self.rights)]
            },
            "shop": {
                "name": "Example", "createdAt": self.created_at, "currencyCode": "EUR",
                "ianaTimezone": "Europe/Berlin",
            },
        }  # fmt: skip

    def run(self, orders: Selected) -> tuple[Operation | None, str]:
        """Start an operation. Return it, or else why it did not start."""
        running = [each for each in self.operations if each.looks > 0]
        if len(running) >= _AT_ONCE:
            return None, "OPERATION_IN_PROGRESS"
        ends, error = self.endings.popleft() if self.endings else ("COMPLETED", None)
        operation = Operation(
            number=len(self.operations) + 1,
            node=orders.fields[0].fields[0],
            since=since_of(orders),
            created_at=self.now(),
            looks=self.looks,
            ends=ends,
            error=error,
        )
        self.operations.append(operation)
        if self._is_large:  # longer than a request may take
            threading.Thread(target=self._measure, args=(operation,), daemon=True).start()
        return operation, ""

    def look(self, gid: str, *, url: str) -> dict[str, Any] | None:
        """Return an operation's state, None for none. Each look brings it nearer to its end."""
        operation = next((each for each in self.operations if each.id == gid), None)
        if operation is None:
            return None
        operation.looks -= 1
        state: dict[str, Any] = {
            "id": gid,
            "status": self._status(operation),
            "errorCode": operation.error if operation.looks < 0 else None,
            "createdAt": _written(operation.created_at),
            "objectCount": "0",
            "fileSize": None,
            "url": None,
            "partialDataUrl": None,
        }
        if state["status"] == "COMPLETED":
            self._measure(operation)
            state["objectCount"] = str(operation.count)
            if operation.count:
                state |= {"fileSize": str(operation.size), "url": f"{url}/bulk/{operation.number}"}
        return state

    def _status(self, operation: Operation) -> str:
        if operation.looks >= 0 or (self._is_large and operation.count < 0):
            return "RUNNING"
        expired = self.now() - operation.created_at > _KEPT
        return "EXPIRED" if expired and operation.ends == "COMPLETED" else operation.ends

    def _measure(self, operation: Operation) -> None:
        if operation.count < 0:
            sizes = [len(line) for line in self.result(operation.number)]
            operation.size, operation.count = sum(sizes), len(sizes)

    def result(self, number: int) -> Iterator[bytes]:
        """Yield the lines of an operation's result, which shows the orders as they are now."""
        operation = self.operations[number - 1]
        yield from lines(self._readable(operation), operation.node)

    def _readable(self, operation: Operation) -> Iterator[Order]:
        since = _instant(operation.since) if operation.since else None
        oldest = None if "read_all_orders" in self.rights else operation.created_at - _LIMIT
        for order in self._every():
            if oldest and _instant(order["createdAt"]) < oldest:
                continue
            if since is None or _instant(order["updatedAt"]) >= since:
                yield order


def _instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _written(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
