"""Which elements and attributes of MJML our blocks use, checked before mrml drops one silently.

The names are those that MJML 4 documents. ``mj-include`` reads files and is not among them.
"""

from __future__ import annotations

from html.parser import HTMLParser

from tessera.errors import InvalidInput

_BOX = "padding css-class"
_TYPE = "color font-family font-size font-style font-weight line-height align"
_ALLOWED = {
    "mjml": "lang dir",
    "mj-head": "",
    "mj-title": "",
    "mj-preview": "",
    "mj-raw": "",
    "mj-attributes": "",
    "mj-all": "font-family",
    "mj-style": "",
    "mj-body": "background-color css-class width",
    "mj-section": f"{_BOX} background-color direction text-align",
    "mj-column": f"{_BOX} background-color width vertical-align",
    "mj-text": f"{_BOX} {_TYPE} container-background-color letter-spacing",
    "mj-table": f"{_BOX} {_TYPE} container-background-color role width",
    "mj-image": f"{_BOX} align alt border-radius height href src title width",
    "mj-button": f"{_BOX} {_TYPE} background-color border-radius href inner-padding width",
    "mj-divider": f"{_BOX} align border-color border-style border-width width",
    "mj-spacer": f"{_BOX} height",
}
_ATTRIBUTES = {name: frozenset(allowed.split()) for name, allowed in _ALLOWED.items()}
# HTML that blocks.json or rich text puts inside text and tables.
_HTML = {
    "a": "class style href aria-label",
    "br": "",
    "em": "",
    "h1": "style",
    "h2": "style",
    "img": "src width alt style",
    "li": "",
    "meta": "name content",
    "ol": "",
    "p": "style role aria-label",
    "span": "style",
    "strong": "",
    "td": "align colspan style width",
    "tr": "",
    "u": "",
    "ul": "",
}
_ATTRIBUTES |= {name: frozenset(allowed.split()) for name, allowed in _HTML.items()}


def check_mjml(mjml: str) -> None:
    """Raise if MJML has something that would vanish or must not be there.

    Parameters
    ----------
    mjml
        With its Liquid set aside.

    Raises
    ------
    InvalidInput
        An element or attribute is not among those that a template may have.
    """
    parser = _Checker()
    parser.feed(mjml)
    parser.close()


class _Checker(HTMLParser):
    """Reads every tag; the text between them needs no check."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        allowed = _ATTRIBUTES.get(tag)
        if allowed is None:
            raise InvalidInput(f"a template cannot have the element <{tag}>: remove it")
        for name, _ in attrs:
            if name not in allowed:
                raise InvalidInput(f"<{tag}> cannot have the attribute {name!r}: remove it")

    def handle_decl(self, decl: str) -> None:
        raise InvalidInput(f"a template cannot have <!{decl}>: remove it")

    def handle_comment(self, data: str) -> None:
        raise InvalidInput(f"a template cannot have the comment {data!r}: remove it")
