"""A retention curve: dots for what was observed, a line for the model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from tessera.insights.report.drawing.markup import Html, element

_WIDE, _HIGH = 280, 220  # of the plot's frame, in pixels
_LEFT, _TOP, _BOTTOM = 48, 24, 44  # room for its labels
_MOST_TICKS = 6
_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


class CurvePoint(NamedTuple):
    """One place of the curve. None where nothing was seen, or where there is no model."""

    place: int
    seen: float | None
    fitted: float | None
    title: str


def falling(steps: Sequence[CurvePoint], *, across: str, up: str, label: str) -> Html:
    """Return the curve.

    Parameters
    ----------
    steps
        In order, shares of 1. The first place that is drawn is 0, where everybody is there.
    across, up
        What the axes count.
    label
        What the picture shows, for those who do not see it.
    """
    last = max((step.place for step in steps), default=0) or 1
    drawn = [CurvePoint(0, 1.0, 1.0, "the beginning: everybody"), *steps]
    spoken = "; ".join(step.title for step in drawn)
    return element(
        "svg",
        [_level(share) for share in _SHARES],
        [_number(place, last=last) for place in _ticks(last)],
        _line([(s.place, s.fitted) for s in drawn if s.fitted is not None], last=last),
        [_dot(s, last=last) for s in drawn if s.seen is not None],
        element("text", up, x=_LEFT, y=12),
        element("text", across, x=_LEFT + _WIDE, y=_TOP + _HIGH + 38, text_anchor="end"),
        class_="plot",
        viewBox=f"0 0 {_LEFT + _WIDE + 10} {_TOP + _HIGH + _BOTTOM}",
        role="img",
        aria_label=f"{label}: {spoken}",
    )


def _ticks(last: int) -> range:
    """Return places with a number, equally far apart, no more than there is room for."""
    power = 10 ** math.floor(math.log10(max(last / _MOST_TICKS, 1)))
    step = next(n * power for n in (1, 2, 3, 6, 10) if n * power * _MOST_TICKS >= last)
    return range(0, last + 1, step)


def _level(share: float) -> list[Html]:
    y = _round(_y(share))
    return [
        element("line", class_="rule", x1=_LEFT, y1=y, x2=_LEFT + _WIDE, y2=y),
        element("text", f"{100 * share:.0f} %", x=_LEFT - 6, y=_round(_y(share) + 4),
                text_anchor="end"),
    ]  # fmt: skip


def _number(place: int, *, last: int) -> Html:
    x = _round(_x(place, last))
    return element("text", str(place), x=x, y=_TOP + _HIGH + 18, text_anchor="middle")


def _line(points: Sequence[tuple[int, float]], *, last: int) -> Html | None:
    if len(points) < 2:  # only the beginning
        return None
    path = " L".join(f"{_round(_x(place, last))} {_round(_y(share))}" for place, share in points)
    return element("path", class_="trace", d=f"M{path}")


def _dot(step: CurvePoint, *, last: int) -> Html:
    return element(
        "circle",
        element("title", step.title),
        cx=_round(_x(step.place, last)),
        cy=_round(_y(step.seen or 0.0)),
        r=4,
    )


def _x(place: int, last: int) -> float:
    return _LEFT + _WIDE * place / last


def _y(share: float) -> float:
    return _TOP + _HIGH * (1 - min(max(share, 0.0), 1.0))


def _round(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
