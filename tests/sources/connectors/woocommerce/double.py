"""A WooCommerce store for the suite of all connectors: two orders a list, one list a page."""

from __future__ import annotations

import datetime as dt

from local.services.woocommerce.server import WooCommerceStore
from tessera.destinations.requests import Request, Response
from tessera.sources.connectors.port import BulkFile, Connector
from tessera.sources.connectors.woocommerce.connector import WooCommerce
from tessera.sources.orders.money import Included
from tests.sources.connectors.sent import sent
from tests.sources.connectors.woocommerce.documents import line, order

SECRET = {
    "consumer_key": WooCommerceStore.KEY,
    "consumer_secret": WooCommerceStore.SECRET,
}


class WooCommerceDouble:
    def __init__(self, *, lists: int = 1, size: int = 2) -> None:
        self.store = WooCommerceStore()
        self.connector: Connector = WooCommerce(
            "shop.example.com",
            included=Included(),
            lists=lists,
            size=size,
            overlap=dt.timedelta(minutes=1),
        )

    def put(self, key: str, *, changed_at: str, cents: int) -> None:
        total = f"{cents / 100:.2f}"
        at = changed_at.removesuffix("+00:00")
        free = {"total_tax": "0.00", "shipping_total": "0.00", "shipping_tax": "0.00"}
        lines = [line(total=total)]
        self.store.book.put(
            order(int(key), total=total, line_items=lines, date_modified_gmt=at, **free)
        )

    def remove(self, key: str) -> None:
        self.store.book.delete(int(key))

    def send(self, request: Request | BulkFile) -> Response:
        return sent(self.store, request, connector=self.connector, secret=SECRET)
