"""HTML that cannot be broken by data: text is escaped unless it was made here."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import TypeAlias


class Html(str):
    """Markup that is safe as it stands. Only ``element`` and constants of this package make it."""

    __slots__ = ()


Child: TypeAlias = str | Iterable["Child"] | None

_VOID = frozenset({"br", "col", "link", "meta", "rect", "polygon"})


def element(tag: str, *children: Child, **attributes: str | float | None) -> Html:
    """Return an element.

    Parameters
    ----------
    tag
        Its name.
    children
        Markup as it is, any other text escaped, iterables in order, None omitted.
    attributes
        Without their value None. ``class_`` is ``class``. Other underscores become hyphens.
    """
    named = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{html.escape(str(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    if tag in _VOID:
        return Html(f"<{tag}{named}>" if tag not in {"rect", "polygon"} else f"<{tag}{named}/>")
    return Html(f"<{tag}{named}>{join(children)}</{tag}>")


def join(children: Iterable[Child]) -> Html:
    """Return children one after the other."""
    return Html("".join(map(_written, children)))


def _written(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Html):
        return child
    if isinstance(child, str):
        return html.escape(child)
    return join(child)
