"""Each block of blocks.json compiles, has a text part, and passes every check as it comes."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest

from tessera.campaigns.templates.checking.check import template_findings
from tessera.campaigns.templates.compiling.html import to_html
from tessera.campaigns.templates.compiling.source import compile_document
from tessera.campaigns.templates.palette.palette import palette
from tessera.campaigns.templates.rendering.message import message_template
from tessera.shipped_files import read_json
from tests.campaigns.templates.samples import FIELDS, block, brand, document, every_block, variables

KINDS = tuple(palette().blocks)
BLOCKS = read_json("tessera.campaigns.templates", "blocks.json")


def only(kind):
    """The document of a block: the footer is there once anyway."""
    return document() if kind == "footer" else document(block(kind))


def test_the_file_has_its_schema():
    schema = read_json("tessera.campaigns.templates", "blocks.schema.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(BLOCKS, schema)


def test_there_are_twenty_blocks():
    assert set(KINDS) == {
        "header", "menu", "hero", "heading", "text", "image", "image_text", "button", "quote",
        "video", "products", "coupon", "rating", "show_if", "two_columns", "three_columns", "line",
        "space", "social", "footer",
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_block_as_it_comes_has_no_findings(kind):
    assert template_findings(only(kind), brand(), customer_fields=FIELDS) == ()


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"show_if", "two_columns", "three_columns"}))
def test_a_block_has_a_body_and_a_text(kind):
    with_it = compile_document(only(kind), brand())
    without = compile_document(document(), brand())
    assert to_html(with_it.mjml)
    if kind != "footer":
        assert len(with_it.mjml) > len(without.mjml)
        assert len(with_it.text) > len(without.text)
    assert "<" not in re.sub(r"\{.*?\}", "", with_it.text)


@pytest.mark.parametrize("kind", ["show_if", "two_columns", "three_columns"])
def test_a_layout_block_shows_what_is_inside(kind):
    slots = palette().blocks[kind].slots
    inside = {name: [block("heading", name, text=f"Inside {name}")] for name in slots}
    message = message_template(document(block(kind, **inside)), brand()).render(variables())
    for name in slots:
        assert f"Inside {name}" in message.html
        assert f"Inside {name}" in message.text


def test_defaults_name_no_shop_but_the_reserved_ones():
    hosts = set(re.findall(r"https?://([^/\"' ]+)", json.dumps(BLOCKS)))
    assert {
        host.removeprefix("img.").removeprefix("shop.").removeprefix("social.") for host in hosts
    } == {"example.com"}


def test_all_blocks_together_have_no_findings():
    assert template_findings(every_block(), brand(), customer_fields=FIELDS) == ()
