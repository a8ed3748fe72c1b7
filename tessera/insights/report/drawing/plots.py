"""Pictures with figures in them: columns, a calibration plot, flows between two lists.

None stretches its letters: labels are HTML beside a stretching picture, or the picture keeps its
shape and is never wider than a narrow screen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from tessera.insights import figures
from tessera.insights.report.drawing import charts
from tessera.insights.report.drawing.markup import Html, element
from tessera.insights.report.drawing.sankey import Layout, Node

_TALLEST = 150  # pixels of a column
_SIDE = 280  # of the calibration plot's square, in pixels
_LEFT, _TOP, _BOTTOM = 40, 24, 44  # room for its labels
_APART = 26  # pixels between two ticks
_MOST_LABELS = 10
_ROUND = (1, 2, 5)


class Bar(NamedTuple):
    """One column: where its range starts, how high it is, and the whole of it in words."""

    start: str
    customers: int
    title: str


class Point(NamedTuple):
    """One point of a calibration plot."""

    predicted: float
    actual: float
    title: str


def columns(bars: Sequence[Bar], *, label: str) -> Html:
    """Return columns side by side, with counts above and starts below where there is room."""
    most = max((bar.customers for bar in bars), default=0) or 1
    every = math.ceil(len(bars) / _MOST_LABELS)
    drawn = [
        element(
            "div",
            element("span", figures.compact(bar.customers)),
            _column(_TALLEST * bar.customers / most),
            element("small", bar.start if place % every == 0 else "\u00a0"),
            title=bar.title,
            class_="between" if place % every else None,
        )
        for place, bar in enumerate(bars)
    ]
    spoken = "; ".join(bar.title for bar in bars)
    return element(
        "div",
        drawn,
        class_="bars",
        style=f"grid-template-columns:repeat({len(bars)},1fr)",
        role="img",
        aria_label=f"{label}: {spoken}",
    )


def _column(pixels: float) -> Html:
    height = max(1, round(pixels))  # something must not look like nothing
    return element(
        "svg",
        element("rect", width=10, height=height),
        viewBox=f"0 0 10 {height}",
        preserveAspectRatio="none",
        style=f"height:{height}px",
        aria_hidden="true",
    )


def calibration(
    points: Sequence[Point],
    *,
    label: str,
    across: str = "predicted, a customer",
    up: str = "happened, a customer",
) -> Html:
    """Return predicted against actual means, on axes by the square root.

    So small groups do not sink into the corner, zeros have a place, and being right is still a
    straight line from corner to corner.
    """
    most = max((max(point.predicted, point.actual) for point in points), default=0.0) or 1.0
    end = 1.06 * most
    spoken = "; ".join(point.title for point in points)
    return element(
        "svg",
        [_tick(value, end=end) for value in ticks(most, end=end)],
        _line("ideal", _x(0, end), _y(0, end), _x(end, end), _y(end, end)),
        [_dot(point, end=end) for point in points],
        element("text", up, x=_LEFT, y=12),
        element("text", across, x=_LEFT + _SIDE, y=_TOP + _SIDE + 38, text_anchor="end"),
        class_="plot",
        viewBox=f"0 0 {_LEFT + _SIDE + 10} {_TOP + _SIDE + _BOTTOM}",
        role="img",
        aria_label=f"{label}: {spoken}",
    )


def ticks(most: float, *, end: float) -> list[float]:
    """Return round values up to the largest, far enough apart on an axis by the square root."""
    kept: list[float] = []
    for power in range(math.floor(math.log10(most)), -4, -1):
        for digit in reversed(_ROUND):
            value = digit * 10.0**power
            place = _SIDE * math.sqrt(value / end)
            nearest = _SIDE * math.sqrt(kept[-1] / end) if kept else math.inf
            if value <= most and nearest - place >= _APART <= place:
                kept.append(value)
    return [*kept, 0.0]


def _tick(value: float, *, end: float) -> list[Html]:
    text = f"{value:g}"
    x, y = _x(value, end), _y(value, end)
    return [
        _line("rule", x, _TOP, x, _TOP + _SIDE),
        _line("rule", _LEFT, y, _LEFT + _SIDE, y),
        element("text", text, x=_round(x), y=_TOP + _SIDE + 18, text_anchor="middle"),
        element("text", text, x=_LEFT - 8, y=_round(y + 4), text_anchor="end"),
    ]


def _dot(point: Point, *, end: float) -> Html:
    return element(
        "circle",
        element("title", point.title),
        cx=_round(_x(point.predicted, end)),
        cy=_round(_y(point.actual, end)),
        r=5,
    )


def _x(value: float, end: float) -> float:
    return _LEFT + _SIDE * math.sqrt(max(0.0, value) / end)


def _y(value: float, end: float) -> float:
    return _TOP + _SIDE * (1 - math.sqrt(max(0.0, value) / end))


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> Html:
    ends = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    return element("line", class_=kind, **{name: _round(value) for name, value in ends.items()})


def flows(layout: Layout, colours: dict[str, str], *, before: str, after: str) -> Html:
    """Return the flow diagram: who was where on the left, who is where on the right."""
    spoken = "; ".join(ribbon.title for ribbon in layout.ribbons)
    ribbons = [
        element(
            "path",
            element("title", ribbon.title),
            d=ribbon.path(),
            class_=f"{colours.get(ribbon.source, charts.colour(charts.COLOURS - 1))} ribbon",
        )
        for ribbon in layout.ribbons
    ]
    nodes = [
        element(
            "rect",
            class_=colours.get(node.label, charts.colour(charts.COLOURS - 1)),
            x=x, y=_round(node.top), width=10, height=_round(node.height),
        )
        for x, side in ((0, layout.left), (990, layout.right)) for node in side
    ]  # fmt: skip
    picture = element(
        "svg",
        ribbons,
        nodes,
        viewBox=f"0 0 1000 {_round(layout.height)}",
        preserveAspectRatio="none",
        style=f"height:{_round(layout.height)}px",
        role="img",
        aria_label=f"Moves between segments: {spoken}",
    )
    return element(
        "div",
        element("span", before, class_="note"),
        element("span"),
        element("span", after, class_="note"),
        _labels(layout.left),
        picture,
        _labels(layout.right),
        class_="sankey",
    )


def _labels(nodes: Sequence[Node]) -> Html:
    return element(
        "ul",
        [
            element(
                "li",
                node.label,
                element("small", figures.number(node.customers)),
                style=f"top:{_round(node.top + node.height / 2)}px",
                title=node.label,
            )
            for node in nodes
        ],
    )


def _round(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
