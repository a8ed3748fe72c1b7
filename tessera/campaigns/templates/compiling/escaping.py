"""A field's value as MJML or plain text, escaped as its type asks for.

console/src/campaigns/compiler/escaping.ts does the same: change both.
"""

from __future__ import annotations

from tessera.campaigns.templates.compiling.liquid_tokens import link_with_tokens, with_tokens
from tessera.campaigns.templates.compiling.rich_text import as_html, as_text, escape
from tessera.campaigns.templates.palette.snippet import Valued, Write


def html_writer(link_colour: str) -> Write:
    """Return what writes fields into MJML.

    Parameters
    ----------
    link_colour
        Of the links in rich text, for mail clients without style sheets.
    """

    def write(valued: Valued) -> str:
        field, value = valued
        if field.type == "text":
            return with_tokens(value, escape)
        if field.type == "url":
            return link_with_tokens(value, escape)
        if field.type == "rich":
            return as_html(value, link_colour)
        return str(value)  # a checked choice, number, colour, language or word, or blocks

    return write


def write_text(valued: Valued) -> str:
    """Write a field into the plain text."""
    field, value = valued
    if field.type == "text":
        return with_tokens(value, str)
    if field.type == "url":
        return link_with_tokens(value, str)
    if field.type == "rich":
        return as_text(value)
    return str(value)
