"""Every connector, by the name that settings, commands and folders use."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tessera.errors import InvalidInput
from tessera.sources.connectors.port import Connector
from tessera.sources.connectors.shopify.connector import ShopifyConnector
from tessera.sources.connectors.stripe.connector import Stripe
from tessera.sources.connectors.woocommerce.connector import WooCommerce
from tessera.sources.orders.money import Included

Made = Callable[[str, Included], Connector]

# What makes each from the shop's account. For a vendor whose key is the account it may be empty.
CATALOG: Mapping[str, Made] = {
    "shopify": lambda account, included: ShopifyConnector(account, included=included),
    "stripe": lambda account, _included: Stripe(account or "stripe"),
    "woocommerce": lambda account, included: WooCommerce(account, included=included),
}


def connector(name: str, *, account: str, included: Included = Included()) -> Connector:  # noqa: B008 (frozen)
    """Return a connector.

    Parameters
    ----------
    name
        Of the catalog.
    account
        The shop, as its vendor names it.
    included
        What counts as a customer's money beside goods.

    Raises
    ------
    InvalidInput
        There is no such connector, or the account is none of that vendor.
    """
    if name not in CATALOG:
        raise InvalidInput(f"there is no connector {name!r}: there are {', '.join(CATALOG)}")
    return CATALOG[name](account, included)
