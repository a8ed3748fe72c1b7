"""The blocks that a template can have, read from blocks.json once."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from typing import Any, Literal

from tessera.campaigns.templates.palette.field import BlockField, read_fields
from tessera.campaigns.templates.palette.snippet import Snippet, parse
from tessera.shipped_files import read_json

FOOTER = "footer"


@dataclasses.dataclass(frozen=True, kw_only=True)
class BlockType:
    """A kind of block.

    Parameters
    ----------
    label, category
        What the editor shows, and under which heading.
    fields
        What can be set, by name.
    body
        Its MJML: the inside of a column, or whole sections of a ``layout`` block.
    text
        Its plain text. The text part of a mail is not made from HTML.
    layout
        It brings its own sections, so it cannot be inside a column.
    only
        ``page``: it cannot be inside another block.
    locked
        The editor neither moves nor removes it.
    """

    label: str
    category: Literal["page", "brand", "content", "personal", "layout"]
    fields: Mapping[str, BlockField]
    body: Snippet
    text: Snippet
    layout: bool = False
    only: Literal["", "page"] = ""
    locked: bool = False

    @property
    def slots(self) -> dict[str, BlockField]:
        """The fields that hold other blocks."""
        return {name: field for name, field in self.fields.items() if field.type == "slot"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Palette:
    """All of blocks.json.

    Parameters
    ----------
    brand
        The fields of a brand kit.
    page
        The document itself, as a block whose slot holds the others.
    blocks
        Every kind of block, by the name that documents use.
    before, after
        The section around a block that is no layout block and in no column.
    """

    brand: Mapping[str, BlockField]
    page: BlockType
    blocks: Mapping[str, BlockType]
    before: str
    after: str


@functools.cache
def palette() -> Palette:
    """Return the palette."""
    document = read_json("tessera.campaigns.templates", "blocks.json")
    page = {"label": "Page", "category": "page", "layout": True, **document["page"]}
    return Palette(
        brand=read_fields(document["brand"]["fields"]),
        page=_block_type(page),
        blocks={name: _block_type(one) for name, one in document["blocks"].items()},
        **document["section"],
    )


def _block_type(declared: Mapping[str, Any]) -> BlockType:
    members = {
        **declared,
        "fields": read_fields(declared["fields"]),
        "body": parse("".join(declared["body"])),
        "text": parse("".join(declared["text"])),
    }
    return BlockType(**members)
