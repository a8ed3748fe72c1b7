"""What Liquid can name in a message: the customer, the campaign, products and two links."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from tessera.errors import InvalidInput

CUSTOMER, RECEIVER = "customer", "receiver"
# Known besides the fields of the customer.
NAMES: Mapping[str, tuple[str, ...]] = {
    RECEIVER: (),  # the columns of an uploaded list: which, its owner decides
    "campaign": ("id", "name"),
    "products": (),
    "unsubscribe_url": (),
    "browser_url": (),
}
# The fields that every recipient has, whatever else the profile holds.
RECIPIENT_FIELDS = ("segment", "churn_band", "value_tier", "country")


@dataclasses.dataclass(frozen=True, kw_only=True)
class MessageProduct:
    """A product in a message: one recommended, or one of the shop's most bought.

    Parameters
    ----------
    url, image
        Its page and its picture, with https, or empty texts.
    price
        As the customer reads it, such as ``€ 12.50``, or an empty text.

    Raises
    ------
    InvalidInput
        It has no name, or a link without https.
    """

    name: str
    url: str = ""
    image: str = ""
    price: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise InvalidInput(f"a product without a name cannot be shown: its url is {self.url!r}")
        for kind, address in (("url", self.url), ("image", self.image)):
            if address and not address.startswith("https://"):
                raise InvalidInput(
                    f"the {kind} of product {self.name!r} must begin with https://, "
                    f"got {address[:80]!r}"
                )


@dataclasses.dataclass(frozen=True, kw_only=True)
class MessageVariables:
    """What one message is filled with.

    Parameters
    ----------
    customer
        The profile's fields by name. A missing one and None are empty in Liquid.
    receiver
        Of a receiver of an uploaded list, the columns by name. Empty for others.
    browser_url
        The message as a page, or an empty text: then templates show no link to it.
    products
        Recommendations for this customer. Without any, the shop's most bought products.
    """

    customer: Mapping[str, Any]
    campaign_id: str
    campaign_name: str
    unsubscribe_url: str
    browser_url: str = ""
    products: tuple[MessageProduct, ...] = ()
    receiver: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def as_liquid(self) -> dict[str, Any]:
        """Return the variables under the names that templates use.

        An empty text becomes None: ``{% if … %}`` holds for an empty text in Liquid.
        """
        return {
            CUSTOMER: _without_empty(self.customer),
            RECEIVER: _without_empty(self.receiver),
            "campaign": {"id": self.campaign_id, "name": self.campaign_name},
            "products": [_without_empty(vars(product)) for product in self.products],
            "unsubscribe_url": self.unsubscribe_url,
            "browser_url": self.browser_url or None,
        }


def _without_empty(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: None if value == "" else value for name, value in fields.items()}
