"""The messages of a run: each recipient gets its variant's template, filled with its profile."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from tessera.campaigns.recipients import Recipient
from tessera.campaigns.templates.rendering.message import Message, MessageTemplate
from tessera.campaigns.templates.rendering.variables import (
    RECIPIENT_FIELDS,
    MessageProduct,
    MessageVariables,
)
from tessera.errors import InvalidInput
from tessera.records.products import Product

_MOST_PRODUCTS = 12


def _no_recommendations(_: Recipient) -> tuple[MessageProduct, ...]:
    return ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunMessages:
    """Renders a run's messages.

    Parameters
    ----------
    campaign_id, campaign_name
        What templates may show.
    templates
        The compiled template of each variant, by the variant's name.
    most_bought
        The shop's most bought products, shown to recipients without recommendations.
    recommended
        Returns the products recommended to a recipient.
    """

    campaign_id: str
    campaign_name: str
    templates: Mapping[str, MessageTemplate]
    most_bought: tuple[MessageProduct, ...] = ()
    recommended: Callable[[Recipient], tuple[MessageProduct, ...]] = _no_recommendations

    def render(
        self, recipient: Recipient, *, unsubscribe_url: str, browser_url: str = ""
    ) -> Message:
        """Return a recipient's message.

        Raises
        ------
        InvalidInput
            The variant has no template, or a value makes the message unsafe or too large.
        """
        template = self.templates.get(recipient.variant)
        if template is None:
            raise InvalidInput(
                f"variant {recipient.variant!r} has no template. The run has those of "
                f"{', '.join(self.templates) or 'none'}"
            )
        variables = MessageVariables(
            customer=customer_variables(recipient),
            campaign_id=self.campaign_id,
            campaign_name=self.campaign_name,
            unsubscribe_url=unsubscribe_url,
            browser_url=browser_url,
            products=self.recommended(recipient) or self.most_bought,
            receiver=recipient.fields,
        )
        return template.render(variables)


def customer_variables(recipient: Recipient) -> dict[str, Any]:
    """Return what templates read as ``customer.…``. A label wins over a field of its name."""
    labels = {name: getattr(recipient, name) for name in RECIPIENT_FIELDS}
    return {**recipient.fields, **labels}


def most_bought_products(products: Sequence[Product], *, link: str) -> tuple[MessageProduct, ...]:
    """Return the products of a run's figures as messages show them: without pictures or prices.

    Parameters
    ----------
    products
        The shop's most bought, the first one first. Those without a name cannot be shown.
    link
        The address of a product's page in the shop, with ``{code}`` in it, or an empty text
        (``CampaignSettings.product_link``).
    """
    shown = [MessageProduct(name=one.name, url=_page_of(one, link)) for one in products if one.name]
    return tuple(shown[:_MOST_PRODUCTS])


def _page_of(product: Product, link: str) -> str:
    return link.replace("{code}", quote(product.code, safe="")) if product.code else ""
