"""MJML to HTML by mrml, with Liquid set aside and the result checked."""

from __future__ import annotations

import re

from mjml import mjml2html

from tessera.campaigns.templates.compiling.liquid_tokens import TOKEN
from tessera.campaigns.templates.compiling.mjml_rules import check_mjml
from tessera.errors import InvalidInput

# Two private characters, as numbers: mrml writes the characters themselves as Rust source.
_MARKER = "&#57344;{}&#57345;"
_MARKED = re.compile(r"&#57344;([0-9]+)&#57345;")
# What a mail must not load, and what mrml leaves when it does not know an element.
_UNWANTED = re.compile(r"<mj-|<link\b|@import|@font-face|<script|<iframe|<form|fonts\.googleapis")
# A link begins with a safe scheme, or with a variable that the filter `link` checks on rendering.
_UNSAFE_LINK = re.compile(
    r'(?:href|src|action|background)="(?!https://|mailto:|\{\{-? [^}]*\| link -?\}\})[^"]{0,80}'
)


def to_html(mjml: str) -> str:
    """Return the HTML of a template's MJML, with its Liquid.

    Conditional comments for Outlook stay, and nothing is minified: a minifier breaks them.

    Raises
    ------
    InvalidInput
        The MJML has what a template may not have, or mrml lost a part of it.
    """
    tokens = TOKEN.findall(mjml)
    numbers = iter(range(len(tokens)))
    marked = TOKEN.sub(lambda _: _MARKER.format(next(numbers)), mjml)
    check_mjml(marked)
    html = _compiled(marked)
    _check_html(html, markers=len(tokens))
    html = _MARKED.sub(lambda match: tokens[int(match[1])], html)
    if unsafe := _UNSAFE_LINK.search(html):
        raise InvalidInput(f"the mail has the link {unsafe[0]}. Links begin with https or mailto")
    return html


def _compiled(mjml: str) -> str:
    try:
        # Without the empty table, mrml adds style sheets of Google Fonts for some font names.
        return str(mjml2html(mjml, fonts={}))
    except ValueError as error:
        raise InvalidInput(f"the template's MJML cannot be compiled: {error}") from None


def _check_html(html: str, *, markers: int) -> None:
    if unwanted := _UNWANTED.search(html):
        raise InvalidInput(f"the compiled mail has {unwanted[0]!r}, which a mail must not have")
    missing = {*range(markers)} - {int(one) for one in _MARKED.findall(html)}
    if missing:
        raise InvalidInput(
            f"{len(missing)} pieces of Liquid were lost in compiling. Report this with the template"
        )
