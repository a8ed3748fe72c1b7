"""Pictures: a bar in a cell, the flow from customers to money, the heat map's levels.

Charts hold no text (they stretch with the page). Their figures stand beside them and in their
labels, so nobody depends on seeing colour.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from tessera.insights.report.drawing.markup import Html, element

COLOURS = 12  # classes c1 … c12 of the style sheet
_WIDTH = 1000.0
_HEAT_LEVELS = 8
_HEIGHT, _STEP = 20.0, 10.0
_FEWEST = 6  # columns that a picture has room for, so that two of them are no blocks


def colour(index: int) -> str:
    """Return the class that colours the segment at a place of the definition."""
    return f"c{index % COLOURS + 1}"


def bar(value: float, *, of: float, kind: str = "") -> Html:
    """Return a bar as long as a value's part of the largest, for a table cell."""
    length = _WIDTH * max(0.0, min(1.0, value / of if of else 0.0))
    if 0 < length < 6:
        length = 6.0  # something must not look like nothing
    return element(
        "svg",
        element("rect", class_="track", width=_round(_WIDTH), height=6),
        element("rect", class_=f"fill {kind}".strip(), width=_round(length), height=6),
        class_="bar",
        viewBox="0 0 1000 6",
        preserveAspectRatio="none",
        aria_hidden="true",
    )


def columns(values: Sequence[float]) -> Html:
    """Return a column per value from 0 up, for a table cell. Values below 0 have no height."""
    most = max([*values, 0.0])
    heights = [_HEIGHT * max(0.0, value) / most if most else 0.0 for value in values]
    rects = [
        element(
            "rect",
            class_="fill",
            x=_round(place * _STEP),
            y=_round(_HEIGHT - height),
            width=_round(_STEP * 0.8),
            height=_round(height),
        )
        for place, height in enumerate(heights)
    ]
    return element(
        "svg",
        rects,
        class_="trend",
        viewBox=f"0 0 {_round(_STEP * max(len(values), _FEWEST))} {_round(_HEIGHT)}",
        preserveAspectRatio="none",
        aria_hidden="true",
    )


def split(values: Sequence[float], kinds: Sequence[str], *, label: str) -> Html:
    """Return one bar divided between values."""
    spans = _spans(values)
    rects = [
        element("rect", class_=kind, x=_round(start), width=_round(width), height=10)
        for (start, width), kind in zip(spans, kinds, strict=True)
    ]
    return element(
        "svg",
        rects,
        class_="split",
        viewBox="0 0 1000 10",
        preserveAspectRatio="none",
        role="img",
        aria_label=label,
    )


def flow(
    above: Sequence[float], below: Sequence[float], titles: Sequence[str], *, label: str
) -> Html:
    """Return two bars of the same groups, joined by ribbons: who they are, what they bring.

    Parameters
    ----------
    above, below
        Each group's value. Negative ones count as nothing.
    titles
        What a pointer over a group says.
    label
        What the picture shows, for those who do not see it.
    """
    groups = zip(_spans(above), _spans(below), titles, strict=True)
    drawn = [
        element("g", element("title", title), _ribbon(top, bottom), class_=colour(index))
        for index, (top, bottom, title) in enumerate(groups)
    ]
    return element(
        "svg",
        drawn,
        class_="flow",
        viewBox="0 0 1000 110",
        preserveAspectRatio="none",
        role="img",
        aria_label=label,
    )


def _ribbon(top: tuple[float, float], bottom: tuple[float, float]) -> list[Html]:
    corners = (
        (top[0], 28), (top[0] + top[1], 28), (bottom[0] + bottom[1], 82), (bottom[0], 82),
    )  # fmt: skip
    points = " ".join(f"{_round(x)},{y}" for x, y in corners)
    return [
        element("polygon", class_="ribbon", points=points),
        element("rect", x=_round(top[0]), y=0, width=_round(top[1]), height=28),
        element("rect", x=_round(bottom[0]), y=82, width=_round(bottom[1]), height=28),
    ]


def _spans(values: Sequence[float]) -> list[tuple[float, float]]:
    """Return each value's start and width, with a hair's gap between neighbours."""
    positive = [max(0.0, value) for value in values]
    total, start, spans = sum(positive), 0.0, []
    for value in positive:
        width = _WIDTH * value / total if total else 0.0
        spans.append((start, max(0.0, width - 1.5)))
        start += width
    return spans


def heat(value: float, *, most: float) -> str:
    """Return the class of a heat map's cell. The square root keeps small values visible."""
    if value <= 0 or most <= 0:
        return "h0"
    return f"h{max(1, math.ceil(_HEAT_LEVELS * math.sqrt(value / most) - 1e-9))}"


def _round(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
