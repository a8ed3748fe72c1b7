"""Every connector, by the name that settings, commands and folders use."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

from tessera import naming
from tessera.errors import InvalidInput
from tessera.sources.connectors.port import Connector
from tessera.sources.connectors.shopify.connector import ShopifyAppConnector, ShopifyConnector
from tessera.sources.connectors.stripe.connector import Stripe
from tessera.sources.connectors.woocommerce.connector import WooCommerce
from tessera.sources.orders.money import Included

Secret = Mapping[str, str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConnectorKind:
    """A kind of connector.

    Parameters
    ----------
    fields
        The required fields of its secret.
    other_fields
        Those of another form of its secret. Empty where it has one form.
    account
        The one of them that names the shop, and is no secret. Empty where the key shows it.
    make
        Makes it from a secret that has all fields.
    """

    fields: tuple[str, ...]
    account: str
    make: Callable[[Secret, Included], Connector]
    other_fields: tuple[str, ...] = ()


def _shopify(secret: Secret) -> type[ShopifyConnector]:
    return ShopifyConnector if secret.get("token") else ShopifyAppConnector


CATALOG: Mapping[str, ConnectorKind] = {
    "shopify": ConnectorKind(
        fields=ShopifyConnector.SECRET_FIELDS,
        other_fields=ShopifyAppConnector.SECRET_FIELDS,
        account="shop",
        make=lambda secret, included: _shopify(secret)(secret["shop"], included=included),
    ),
    "stripe": ConnectorKind(
        fields=Stripe.SECRET_FIELDS, account="", make=lambda _secret, _included: Stripe()
    ),
    "woocommerce": ConnectorKind(
        fields=("shop", *WooCommerce.SECRET_FIELDS),
        account="shop",
        make=lambda secret, included: WooCommerce(secret["shop"], included=included),
    ),
}


def kind_of(name: str) -> ConnectorKind:
    """Return a kind of connector.

    Raises
    ------
    InvalidInput
        No connector has that name.
    """
    if name not in CATALOG:
        raise InvalidInput(f"there is no connector {name!r}: there are {', '.join(CATALOG)}")
    return CATALOG[name]


def folder_of(name: str) -> str:
    """Return the upload folder that a connector fills, such as ``shopify-orders``."""
    return naming.pulled_folder(name)
