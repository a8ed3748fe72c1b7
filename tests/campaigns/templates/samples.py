"""Documents, a brand kit and variables that the tests of templates share."""

from __future__ import annotations

from typing import Any

from tessera.campaigns.templates.brand import BrandKit, read_brand
from tessera.campaigns.templates.document import TemplateDocument, read_document
from tessera.campaigns.templates.palette.palette import palette
from tessera.campaigns.templates.rendering.variables import MessageProduct, MessageVariables

FIELDS = ("first_name", "city", "page")
PRODUCTS = tuple(
    MessageProduct(
        name=f"Mug & saucer {number}",
        url=f"https://shop.example.com/mugs/{number}?a=1&b=2",
        image=f"https://img.example.com/{number}.png",
        price="£ 3.50",
    )
    for number in range(5)
)


def brand() -> BrandKit:
    return read_brand({"name": "Example Shop", "address": "1 Example Street, Example Town"})


def block(kind: str, id_: str = "", **fields: Any) -> dict[str, Any]:
    return {"id": id_ or f"{kind}-1", "type": kind, "fields": fields}


def document(*blocks: dict[str, Any], **page: Any) -> TemplateDocument:
    """Return a document that ends with a footer and has a text, so that it has no findings."""
    words = block("text", "words", text="<p>" + "These are words about mugs. " * 5 + "</p>")
    blocks = [words, *blocks, block("footer", "end")]
    return read_document({"version": 1, "subject": "News", **page, "blocks": blocks})


def every_block() -> TemplateDocument:
    """Return a document with every kind of block, the slots filled."""
    filled = {
        "two_columns": {
            "first": [block("image", "in-first")],
            "second": [block("button", "in-second")],
        },
        "three_columns": {
            "first": [block("text", "in-one")],
            "second": [block("text", "in-two")],
            "third": [block("text", "in-three")],
        },
        "show_if": {
            "content": [block("coupon", "in-show"), block("two_columns", "columns-in-show")]
        },
    }
    blocks = [block(kind, **filled.get(kind, {})) for kind in palette().blocks]
    subject = "Hello {{ customer.first_name | default: 'there' }}"
    return read_document({"version": 1, "subject": subject, "blocks": blocks})


def variables(**changes: Any) -> MessageVariables:
    values: dict[str, Any] = {
        "customer": {"first_name": "Ada", "segment": "Champions", "city": "Leeds"},
        "campaign_id": "spring-r001",
        "campaign_name": "Spring",
        "unsubscribe_url": "https://mail.example.com/u/token?a=1&b=2",
        "browser_url": "https://mail.example.com/b/token",
        "products": PRODUCTS,
    }
    return MessageVariables(**(values | changes))
