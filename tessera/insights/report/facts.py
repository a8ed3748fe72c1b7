"""A verdict with its reasons, and single figures that need a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from tessera.insights.forecasts import sentence
from tessera.insights.report.drawing.markup import Html, element


def verdict(head: str, reasons: Iterable[str], *, good: bool) -> Html:
    """Return a verdict and what speaks for it, each reason made a sentence."""
    return element(
        "div",
        element("p", element("b", head)),
        element("ul", [element("li", sentence(text)) for text in reasons]),
        class_="verdict" if good else "verdict withheld",
    )


def fact(big: str, name: str, note: str) -> Html:
    """Return an entry for a list of figures: the figure, what it is, and what it means."""
    return element(
        "div",
        element("dt", name),
        element("dd", big, class_="big"),
        element("dd", note, class_="note"),
    )
