"""Shops in memory, one for each connector: what the conformance suite asks of all of them.

A double is the vendor's API as a function from a request to a response. ``DOUBLES`` has one for
each connector, and a trivial one that shows what the port asks for.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Protocol
from urllib.parse import parse_qs, urlencode, urlsplit

from local.services.frame.http_service import ReceivedRequest
from local.services.shopify.orders import item, order
from local.services.shopify.server import TOKEN, ShopifyApi
from local.services.shopify.shop import Shop
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.requests import Malformed, Request, Response
from tessera.sources.connectors.cursor import PullCursor
from tessera.sources.connectors.port import BulkFile, Connector, PulledPage, PulledRecord
from tessera.sources.connectors.shopify.connector import ShopifyConnector
from tests.sources.connectors.stripe.double import StripeDouble
from tests.sources.connectors.woocommerce.double import WooCommerceDouble


class ShopDouble(Protocol):
    """A shop in memory."""

    connector: Connector

    def put(self, key: str, *, changed_at: str, cents: int) -> None:
        """Let an order be so: created or changed at an instant (ISO 8601, UTC), and its money."""
        ...

    def remove(self, key: str) -> None:
        """Let an order be gone without a trace."""
        ...

    def send(self, request: Request | BulkFile) -> Response:
        """Respond to a request."""
        ...


class PlainConnector:
    """Two orders a page, by when they changed and then by their id."""

    NAME = "plain"
    TITLE = "Plain"
    BASE_URL = "https://plain.example.com"
    SECRET_FIELDS = ("key",)
    CAPABILITIES = Capabilities(requests=True, requests_per_minute=0)
    account = "plain.example.com"

    def auth(self, secret: Mapping[str, str]) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {secret['key']}"}

    def next_request(self, cursor: PullCursor, responses: Sequence[Response]) -> Request | None:
        if responses:
            return None
        place = cursor.place or {"since": cursor.since, "after": ""}
        return Request("GET", f"/orders?{urlencode(place)}")

    def read(self, cursor: PullCursor, responses: Sequence[Response]) -> PulledPage:
        body = responses[0].body
        if not isinstance(body, Mapping) or not isinstance(body.get("orders"), list):
            raise Malformed("a response has no orders")
        orders = body["orders"]
        records = [
            PulledRecord(
                key=order["id"],
                changed_at=order["changed_at"],
                rows=(
                    {
                        "CustomerID": "ada@example.com",
                        "Date": order["changed_at"],
                        "EventID": f"plain/{order['id']}",
                        "OrderID": order["id"],
                        "Amount": f"{order['cents'] / 100:.2f}",
                        "Currency": "EUR",
                    },
                ),
            )
            for order in orders
        ]
        last = orders[-1] if orders else None
        return PulledPage(
            records=records,
            place={"since": last["changed_at"], "after": last["id"]} if last else cursor.place,
            done=not body["more"],
            next_since=last["changed_at"] if last else cursor.since,
        )

    def conclude(self, cursor: PullCursor) -> tuple[str, ...]:
        return ()


class PlainShop:
    """The API that ``PlainConnector`` asks."""

    def __init__(self) -> None:
        self.connector: Connector = PlainConnector()
        self._orders: dict[str, tuple[str, int]] = {}

    def put(self, key: str, *, changed_at: str, cents: int) -> None:
        self._orders[key] = (changed_at, cents)

    def remove(self, key: str) -> None:
        del self._orders[key]

    def send(self, request: Request | BulkFile) -> Response:
        assert isinstance(request, Request)
        query = {name: values[0] for name, values in parse_qs(urlsplit(request.path).query).items()}
        after = (query.get("since", ""), query.get("after", ""))
        due = sorted(
            (at, key, cents) for key, (at, cents) in self._orders.items() if (at, key) > after
        )
        orders = [{"id": key, "changed_at": at, "cents": cents} for at, key, cents in due[:2]]
        return Response(200, json.loads(json.dumps({"orders": orders, "more": len(due) > 2})))


class ShopifyShop:
    """Shopify's stand-in without HTTP. Its clock is that of the orders."""

    def __init__(self) -> None:
        self._now = "2026-11-02T10:00:00+00:00"
        self._shop = Shop(now=lambda: dt.datetime.fromisoformat(self._now))
        self._api = ShopifyApi(self._shop)
        self.connector: Connector = ShopifyConnector("example")

    def put(self, key: str, *, changed_at: str, cents: int) -> None:
        number, amount = int(key), Decimal(cents) / 100
        self._now = max(self._now, changed_at)
        before = self._shop.orders.get(key)
        self._shop.orders[key] = order(
            number,
            created=before["createdAt"] if before else changed_at,
            items=[item(number, price=amount)],
            subtotal=amount,
            updatedAt=changed_at,
        )

    def remove(self, key: str) -> None:
        del self._shop.orders[key]

    def send(self, request: Request | BulkFile) -> Response:
        if isinstance(request, BulkFile):
            lines = [json.loads(line) for line in self._shop.result(int(request.url[-1]))]
            return Response(200, lines)
        received = ReceivedRequest(
            method=request.method,
            path=request.path,
            query={},
            headers={
                "x-shopify-access-token": TOKEN,
                **{name.lower(): value for name, value in request.headers.items()},
            },
            text=json.dumps(request.body).encode(),
        )
        status, body = self._api.handle(received)
        return Response(status, json.loads(json.dumps(body)))


DOUBLES: dict[str, Callable[[], ShopDouble]] = {
    "plain": PlainShop,
    "shopify": ShopifyShop,
    "stripe": StripeDouble,
    "woocommerce": WooCommerceDouble,
}
