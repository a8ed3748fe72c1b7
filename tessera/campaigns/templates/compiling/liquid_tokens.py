"""Where Liquid is in a text, and the filter that makes a value fit its place.

console/src/campaigns/compiler/tokens.ts does the same: change both.
"""

from __future__ import annotations

import re
from collections.abc import Callable

TOKEN = re.compile(r"(\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\})")
_OUTPUT = re.compile(r"\{\{(-?)([\s\S]*?)(-?)\}\}")
_WHITE = " \t\r\n"
# The filters of rendering/environment.py.
SHOWN, LINK, LINK_PART = "shown", "link", "link_part"


def filtered(token: str, name: str) -> str:
    """Return an output token with a last filter. A tag stays as it is."""
    output = _OUTPUT.fullmatch(token)
    if output is None:
        return token
    before, expression, after = output.groups()
    return f"{{{{{before} {expression.strip(_WHITE)} | {name} {after}}}}}"


def with_tokens(text: str, escape: Callable[[str], str]) -> str:
    """Return a text with everything but its Liquid escaped."""
    pieces = TOKEN.split(text)
    return "".join(
        filtered(piece, SHOWN) if index % 2 else escape(piece) for index, piece in enumerate(pieces)
    )


def link_with_tokens(link: str, escape: Callable[[str], str]) -> str:
    """Return a link with everything but its Liquid escaped.

    A variable at the start is the whole link. One behind is a part, to be percent-encoded.
    """
    pieces = TOKEN.split(link)
    return "".join(
        filtered(piece, LINK if index == 1 and not pieces[0] else LINK_PART)
        if index % 2
        else escape(piece)
        for index, piece in enumerate(pieces)
    )
