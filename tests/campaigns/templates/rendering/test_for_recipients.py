"""The messages of a run."""

from __future__ import annotations

import dataclasses

import pytest

from tessera.campaigns.recipients import Recipient
from tessera.campaigns.templates.rendering.for_recipients import (
    RunMessages,
    customer_variables,
    most_bought_products,
)
from tessera.campaigns.templates.rendering.message import message_template
from tessera.campaigns.templates.rendering.variables import MessageProduct
from tessera.errors import InvalidInput
from tessera.records.products import Product
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


def test_a_column_of_a_list_is_shown_to_its_receiver_and_a_default_to_others():
    text = "{{ receiver.first_name | default: 'Reader' }}, come back"
    shop = RunMessages(campaign_id="s", campaign_name="S", templates={"win-back": heading(text)})
    assert "Ada, come back" in shop.render(ADA, unsubscribe_url=LINK).text
    other = dataclasses.replace(ADA, fields={})
    assert "Reader, come back" in shop.render(other, unsubscribe_url=LINK).text


def test_most_bought_products_are_shown_until_something_is_recommended():
    most_bought = (MessageProduct(name="Teapot"),)
    shop = messages(most_bought=most_bought)
    assert "Teapot" in shop.render(ADA, unsubscribe_url=LINK).text
    personal = messages(most_bought=most_bought, recommended=lambda _: PRODUCTS)
    text = personal.render(ADA, unsubscribe_url=LINK).text
    assert "Teapot" not in text
    assert PRODUCTS[0].name in text


def sold(name, code):
    return Product(
        code=code, name=name, money="10.00", money_share=None, returned="0.00", lines=1, buyers=1,
        repeat_buyers=0, repeat_rate=0.0, first_buyers=1,
    )  # fmt: skip


def test_a_product_of_the_figures_gets_the_shop_s_link():
    figures = [sold("Mug", "85/A"), sold(None, "86"), sold("Cup", None)]
    shown = most_bought_products(figures, link="https://shop.example.com/p/{code}")
    assert [(one.name, one.url) for one in shown] == [
        ("Mug", "https://shop.example.com/p/85%2FA"),
        ("Cup", ""),
    ]
    assert [one.url for one in most_bought_products(figures, link="")] == ["", ""]
