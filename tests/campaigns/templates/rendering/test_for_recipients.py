"""The messages of a run."""

from __future__ import annotations

import pytest

from tessera.campaigns.recipients import Recipient
from tessera.campaigns.templates.rendering.for_recipients import (
    RunMessages,
    customer_variables,
    listed_product,
)
from tessera.campaigns.templates.rendering.message import message_template
from tessera.campaigns.templates.rendering.variables import MessageProduct
from tessera.errors import InvalidInput
from tests.campaigns.templates.samples import PRODUCTS, block, brand, document

ADA = Recipient(
    recipient="0" * 32,
    customer_key="key",
    address="ada@example.com",
    variant="win-back",
    segment="At Risk",
    country="GB",
    fields={"first_name": "Ada", "segment": "from the list"},
)
LINK = "https://mail.example.com/u/token"


def heading(text):
    made = document(block("heading", text=text), block("products"))
    return message_template(made, brand())


def messages(**changes):
    templates = {
        "win-back": heading("Come back, {{ customer.first_name }}"),
        "news": heading("News"),
    }
    return RunMessages(campaign_id="spring", campaign_name="Spring", templates=templates, **changes)


def test_each_variant_has_its_template():
    assert "Come back, Ada" in messages().render(ADA, unsubscribe_url=LINK).text


def test_a_variant_without_a_template_is_an_error():
    other = Recipient(**{**vars(ADA), "variant": "other"})
    with pytest.raises(
        InvalidInput, match=r"'other' has no template\. The run has those of win-back"
    ):
        messages().render(other, unsubscribe_url=LINK)


def test_a_label_of_the_run_wins_over_a_field_of_its_name():
    assert customer_variables(ADA) == {
        "first_name": "Ada",
        "segment": "At Risk",
        "churn_band": "",
        "value_tier": "",
        "country": "GB",
    }


def test_most_bought_products_are_shown_until_something_is_recommended():
    most_bought = (MessageProduct(name="Teapot"),)
    shop = messages(most_bought=most_bought)
    assert "Teapot" in shop.render(ADA, unsubscribe_url=LINK).text
    personal = messages(most_bought=most_bought, recommended=lambda _: PRODUCTS)
    text = personal.render(ADA, unsubscribe_url=LINK).text
    assert "Teapot" not in text
    assert PRODUCTS[0].name in text


def test_a_product_of_the_figures_gets_the_shop_s_link():
    link = "https://shop.example.com/p/{code}"
    made = listed_product(name="Mug", code="85/A", link=link)
    assert made.url == "https://shop.example.com/p/85%2FA"
    assert listed_product(name="Mug", code="85").url == ""


@pytest.mark.parametrize("link", ["https://shop.example.com/", "http://shop.example.com/{code}"])
def test_a_wrong_link_of_products_is_an_error(link):
    with pytest.raises(InvalidInput, match=r"\{code\}|begin with https"):
        listed_product(name="Mug", code="85", link=link)
