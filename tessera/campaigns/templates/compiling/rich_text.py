"""Rich text in its one safe form: a few elements, closed, without attributes but a link's address.

Whatever else an editor or a caller sends loses its tags and keeps its words. The checker compares
the result with nh3, an independent sanitizer. console/src/campaigns/compiler/rich-text.ts does the
same: change both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tessera.campaigns.templates.compiling.liquid_tokens import (
    SHOWN,
    TOKEN,
    filtered,
    link_with_tokens,
)

ALLOWED = ("p", "br", "strong", "em", "u", "a", "ul", "ol", "li")
_SAME = {"b": "strong", "i": "em"}
_LISTS = ("ul", "ol")
_CLOSES_PARAGRAPH = ("p", *_LISTS)
_PIECES = re.compile(
    TOKEN.pattern
    + r"|(<!--[\s\S]*?-->)"
    + r"|<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>"
)
_HREF = re.compile(r"(?:^|[ \t\r\n])href[ \t\r\n]*=[ \t\r\n]*(?:\"([^\"]*)\"|'([^']*)')")
_ENTITY = re.compile(r"&(?:#([0-9]{1,7})|#x([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos|nbsp));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": "\xa0"}
_IN_TEXT = re.compile("[&<>{}\xa0]")
# Attributes go through a debug format in mrml, which writes a backslash, a line break or a rare
# character as Rust source. As numbers, all of them pass unchanged.
_NOT_PLAIN = re.compile(r"[^ -~]|[&<>\"'{}\\]")
_STARTS = ("https://", "mailto:", "{{")


class RichPiece(NamedTuple):
    """An ``open`` or ``close`` of an element, a ``text`` or a Liquid ``token``."""

    kind: str
    value: str
    link: str = ""


def events(source: str) -> Iterator[RichPiece]:
    """Yield what a rich text consists of. Every element that is opened is closed."""
    stack: list[str] = []
    for piece in _pieces(source):
        if piece.kind == "open":
            yield from _opened(piece, stack)
        elif piece.kind == "close":
            yield from _closed(piece.value, stack)
        else:
            yield piece
    while stack:
        yield RichPiece("close", stack.pop())


def as_html(source: str, link_colour: str) -> str:
    """Return a rich text as HTML, its Liquid ready to be rendered."""
    written = []
    for kind, value, link in events(source):
        if kind == "text":
            written.append(_numbered(_IN_TEXT, value))
        elif kind == "token":
            written.append(filtered(value, SHOWN))
        elif kind == "close":
            written.append(f"</{value}>")
        elif value == "a":
            address = link_with_tokens(link, escape)
            written.append(f"<a class='link' style='color:{link_colour}' href='{address}'>")
        else:
            written.append("<br />" if value == "br" else f"<{value}>")
    return "".join(written)


def as_text(source: str) -> str:
    """Return a rich text as plain text, links behind their words."""
    written = []
    links: list[str] = []
    for kind, value, link in events(source):
        if kind == "text":
            written.append(value)
        elif kind == "token":
            written.append(filtered(value, SHOWN))
        elif value == "a":
            written.append("" if kind == "open" else f" ({links.pop()})")
            links += [link_with_tokens(link, str)] if kind == "open" else []
        else:
            written.append(_line_break(kind, value))
    return "".join(written)


def _pieces(source: str) -> Iterator[RichPiece]:
    end = 0
    for match in _PIECES.finditer(source):
        if match.start() > end:
            yield RichPiece("text", unescaped(source[end : match.start()]))
        end = match.end()
        token, comment, slash, name, attributes = match.groups()
        if token:
            yield RichPiece("token", unescaped(token))
        elif not comment:
            kind = "close" if slash else "open"
            yield RichPiece(kind, _SAME.get(name.lower(), name.lower()), _href(attributes))
    if end < len(source):
        yield RichPiece("text", unescaped(source[end:]))


def _opened(piece: RichPiece, stack: list[str]) -> Iterator[RichPiece]:
    name = piece.value
    if name not in ALLOWED or (name == "a" and not piece.link.startswith(_STARTS)):
        return
    if name == "br":
        yield piece
        return
    if name == "li" and not {*_LISTS} & {*stack}:
        return
    if name in _CLOSES_PARAGRAPH:
        yield from _closed("p", stack)
    if name == "a":
        yield from _closed("a", stack)
    while name == "li" and stack[-1] not in _LISTS:
        yield RichPiece("close", stack.pop())
    stack.append(name)
    yield piece


def _closed(name: str, stack: list[str]) -> Iterator[RichPiece]:
    if name in stack:
        while True:
            closed = stack.pop()
            yield RichPiece("close", closed)
            if closed == name:
                return


def _href(attributes: str) -> str:
    match = _HREF.search(attributes)
    return unescaped(match[1] if match[1] is not None else match[2]) if match else ""


def _line_break(kind: str, name: str) -> str:
    if kind == "open":
        return {"br": "\n", "li": "- "}.get(name, "")
    return {"p": "\n\n", "li": "\n", "ul": "\n", "ol": "\n"}.get(name, "")


def unescaped(text: str) -> str:
    """Return a text without the entities that editors write. Another one stays as it is."""
    return _ENTITY.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    printable = code >= 32 and not 127 <= code < 160 and not 0xD800 <= code < 0xF900
    return chr(code) if printable and code < 0x110000 else ""


def escape(text: str) -> str:
    """Return a text that is safe in an attribute and between tags, in ASCII alone."""
    return _numbered(_NOT_PLAIN, text)


def _numbered(characters: re.Pattern[str], text: str) -> str:
    return characters.sub(lambda match: f"&#{ord(match[0])};", text)


def tags(source: str) -> list[RichPiece]:
    """Return every tag that a rich text has, allowed or not, as it stands there."""
    return [piece for piece in _pieces(source) if piece.kind in ("open", "close")]
