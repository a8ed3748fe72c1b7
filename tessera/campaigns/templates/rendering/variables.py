"""What Liquid can name in a message: the customer, the campaign, products and two links."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from tessera.errors import InvalidInput

CUSTOMER = "customer"
# Known besides the fields of the customer.
NAMES: Mapping[str, tuple[str, ...]] = {
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
    url
        Its page, with https.
    image
        Its picture, with https, or an empty text.
    price
        As the customer reads it, such as ``€ 12.50``, or an empty text.

    Raises
    ------
    InvalidInput
        It has no name, or a link without https.
    """

    name: str
    url: str
    image: str = ""
    price: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise InvalidInput(f"the product at {self.url} has no name")
        for kind, address in (("url", self.url), ("image", self.image)):
            if not address.startswith("https://") and (address or kind == "url"):
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
    products
        Recommendations for this customer. Without any, the shop's most bought products.
    """

    customer: Mapping[str, Any]
    campaign_id: str
    campaign_name: str
    unsubscribe_url: str
    browser_url: str
    products: tuple[MessageProduct, ...] = ()

    def as_liquid(self) -> dict[str, Any]:
        """Return the variables under the names that templates use."""
        return {
            CUSTOMER: self.customer,
            "campaign": {"id": self.campaign_id, "name": self.campaign_name},
            "products": [vars(product) for product in self.products],
            "unsubscribe_url": self.unsubscribe_url,
            "browser_url": self.browser_url,
        }
