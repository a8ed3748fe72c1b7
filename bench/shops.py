"""The two processes of a pull: ``python -m bench.shops serve SHOP ORDERS``, ``pull SHOP URL DIR``.

The first one serves a made-up shop and writes its address. The second one pulls it into a folder,
as fast as it answers, and writes down what that came to.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from adapters.connectors.bulk_files import BulkFiles
from adapters.connectors.journal import ChangeJournal
from adapters.connectors.transport import ConnectorTransport
from adapters.http.client import HttpClient
from bench.folder_objects import FolderObjects
from local.services.frame.http_service import HttpServer
from local.services.shopify.orders import generated
from local.services.shopify.server import TOKEN, ShopifyServer
from local.services.shopify.shop import Shop
from local.services.stripe_shop.made import made_account
from local.services.stripe_shop.server import StripeAccount
from local.services.woocommerce.made import made_book
from local.services.woocommerce.server import WooCommerceStore
from steps.pull.pull import Clock, pull
from tessera import naming
from tessera.sources.connectors.catalog import kind_of
from tessera.sources.connectors.port import Explaining
from tessera.sources.orders.money import Included

_REFUNDED, _DISPUTED = 33, 1_000
_SERVERS: Mapping[str, Callable[[int], HttpServer]] = {
    "shopify": lambda orders: ShopifyServer(Shop(lambda: generated(orders))),
    "woocommerce": lambda orders: HttpServer(WooCommerceStore(made_book(orders))),
    "stripe": lambda orders: HttpServer(
        StripeAccount(made_account(orders, refunds=_REFUNDED, disputes=_DISPUTED))
    ),
}
_SECRETS: Mapping[str, Mapping[str, str]] = {
    "shopify": {"shop": "example", "token": TOKEN},
    "woocommerce": {
        "shop": "shop.example.com",
        "consumer_key": WooCommerceStore.KEY,
        "consumer_secret": WooCommerceStore.SECRET,
    },
    "stripe": {"key": StripeAccount.KEY},
}
SHOPS = tuple(_SERVERS)


def expected_records(shop: str, orders: int) -> int:
    """Return how many records a shop of so many orders has. Stripe's refunds are ones too."""
    return orders + (orders // _REFUNDED + orders // _DISPUTED if shop == "stripe" else 0)


def _serve(shop: str, orders: int) -> None:
    server = _SERVERS[shop](orders)
    sys.stdout.write(server.start() + "\n")
    sys.stdout.flush()
    while True:
        time.sleep(60)


def _pull(shop: str, url: str, folder: Path) -> None:
    """Pull without the vendor's pace, which the stand-in does not need."""
    folder.mkdir(exist_ok=True)
    secret = _SECRETS[shop]
    connector = kind_of(shop).make(secret, Included())
    pace = connector.CAPABILITIES.requests_per_minute
    connector.CAPABILITIES = dataclasses.replace(connector.CAPABILITIES, requests_per_minute=0)
    client = HttpClient(
        connector,
        base_url=url,
        read_secret=lambda: secret,
        secret_name="made up",  # noqa: S106 (a name)
    )
    objects = FolderObjects(folder)
    record = pull(
        connector,
        transport=ConnectorTransport(
            client,
            files=BulkFiles(folder / "spool", endpoint=url),
            explaining=connector if isinstance(connector, Explaining) else None,
        ),
        journal=ChangeJournal(
            objects, prefix=naming.raw_prefix("default", naming.pulled_folder(shop))
        ),
        clock=Clock(now=lambda: dt.datetime.now(dt.UTC).isoformat(timespec="seconds")),
    )
    facts = {
        "requests": record.requests,
        "requests_per_minute": pace,
        "pages": record.cursor.pages,
        "counts": dict(record.cursor.counts),
    }
    (folder / "record.json").write_text(json.dumps(facts))


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        _serve(sys.argv[2], int(sys.argv[3]))
    else:
        _pull(sys.argv[2], sys.argv[3], Path(sys.argv[4]))
