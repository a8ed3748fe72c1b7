"""Made-up templates with hostile values: whatever is rendered has no script and no unsafe link."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from tessera.campaigns.templates.brand import BrandKit
from tessera.campaigns.templates.document import read_document
from tessera.campaigns.templates.rendering.message import message_template
from tessera.errors import InvalidInput
from tests.campaigns.templates.made_up import made_up_brand, made_up_template
from tests.campaigns.templates.samples import variables

HOSTILE = {
    "first_name": "<script>alert(1)</script>",
    "city": "\"><img src=x onerror=alert(1)>",
    "page": "https://shop.example.com/?a=1&b=2",
    "country": "DE",
    "segment": "{{ unsubscribe_url }}{% raw %}",
}  # fmt: skip
ELEMENTS = {
    "a", "b", "body", "br", "div", "em", "h1", "h2", "head", "html", "img", "li", "meta",
    "noscript",
    "ol", "p", "span", "strong", "style", "table", "tbody", "td", "title", "tr", "u", "ul",
}  # fmt: skip


@pytest.fixture(scope="module")
def messages():
    made = []
    for seed in range(600):
        document = read_document(made_up_template(seed))
        try:
            template = message_template(document, BrandKit(made_up_brand(seed)))
            made.append(template.fill(variables(customer=HOSTILE)))
        except InvalidInput:
            continue  # its Liquid or a link of it is wrong: it could not be published
    return made


class Seen(HTMLParser):
    def __init__(self):
        super().__init__()
        self.elements, self.attributes, self.links = set(), set(), set()

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value for name, value in attrs if name in ("href", "src")}


@pytest.fixture(scope="module")
def seen(messages):
    parser = Seen()
    for message in messages:
        parser.feed(message.html)
    return parser


def test_enough_of_them_can_be_rendered(messages):
    assert len(messages) > 50


def test_there_are_only_elements_of_mails(seen):
    assert seen.elements <= ELEMENTS


def test_no_attribute_runs_anything(seen):
    assert not {name for name in seen.attributes if name.startswith("on")}


def test_every_link_is_safe(seen):
    assert seen.links
    assert all(link.startswith(("https://", "mailto:")) for link in seen.links)


def test_no_value_is_executed_as_liquid(messages):
    assert not any("mail.example.com/u/token" in message.subject for message in messages)
