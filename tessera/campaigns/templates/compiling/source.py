"""A document and a brand kit as MJML and plain text, both still with Liquid.

console/src/campaigns/compiler/compile.ts does the same, byte for byte: change both.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from tessera.campaigns.templates.brand import BrandKit
from tessera.campaigns.templates.compiling.escaping import html_writer, write_text
from tessera.campaigns.templates.compiling.liquid_tokens import with_tokens
from tessera.campaigns.templates.document import TemplateBlock, TemplateDocument
from tessera.campaigns.templates.palette.palette import BlockType, palette
from tessera.campaigns.templates.palette.snippet import Scope, Valued, Write, fill
from tessera.errors import InvalidInput


@dataclasses.dataclass(frozen=True, kw_only=True)
class TemplateSource:
    """What a template compiles to: subject, MJML and plain text with Liquid in them."""

    subject: str
    mjml: str
    text: str


@dataclasses.dataclass(frozen=True)
class _Part:
    """One of the two parts of a mail, and how its fields are written."""

    write: Write
    name: str
    brand: Scope


def compile_document(document: TemplateDocument, brand: BrandKit) -> TemplateSource:
    """Return a document's MJML and text.

    Raises
    ------
    InvalidInput
        A block is unknown, or a field has a value that its type does not allow.
    """
    branded = {
        f"brand.{name}": Valued(field, brand.fields[name])
        for name, field in palette().brand.items()
    }
    page = {**document.page, "blocks": document.blocks}
    html = _Part(html_writer(brand.fields["link"]), "body", branded)
    text = _Part(write_text, "text", branded)
    return TemplateSource(
        subject=with_tokens(document.subject, str),
        mjml=_drawn(palette().page, page, html, at="the page"),
        text=_drawn(palette().page, page, text, at="the page"),
    )


def _drawn(kind: BlockType, fields: Mapping[str, Any], part: _Part, *, at: str) -> str:
    if unknown := sorted(fields.keys() - kind.fields.keys()):
        raise InvalidInput(f"{at}: unknown field {unknown[0]!r}. Expected {', '.join(kind.fields)}")
    scope = dict(part.brand)
    for name, field in kind.fields.items():
        value = fields.get(name, field.default)
        if mismatch := field.mismatch(value):
            raise InvalidInput(f"{at}, field {name}: {mismatch}")
        if field.type == "slot":
            value = "".join(_block(one, field.holds, part) for one in value)
        scope[name] = Valued(field, value)
    return fill(kind.body if part.name == "body" else kind.text, scope, part.write)


def _block(block: TemplateBlock, holds: str, part: _Part) -> str:
    kind = palette().blocks.get(block.type)
    if kind is None:
        raise InvalidInput(f"block {block.id}: there is no kind of block {block.type!r}")
    drawn = _drawn(kind, block.fields, part, at=f"block {block.id}")
    if part.name == "text" or kind.layout or holds == "column":
        return drawn
    return f"{palette().before}{drawn}{palette().after}"
