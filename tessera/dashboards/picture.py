"""A picture of each sheet's layout, drawn from the same data as its definition."""

from __future__ import annotations

from xml.sax.saxutils import escape

from tessera.dashboards.visuals import COLUMNS, DashboardSheet, Kind, Visual

_CELL, _ROW, _GAP, _HEAD = 20, 14, 4, 34
_INK, _PALE, _LINE = "#00796b", "#b2dfdb", "#cfd8dc"
_BARS = (0.9, 0.65, 0.5, 0.4, 0.3, 0.22)
_POINTS = (0.15, 0.3, 0.38, 0.55, 0.6, 0.8)


def svg(sheet: DashboardSheet) -> str:
    """Return the picture of a sheet. The same sheet gives the same bytes."""
    width = COLUMNS * _CELL
    height = _HEAD + _ROW * max(one.place[1] + one.place[3] for one in sheet.visuals)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="{_GAP}" y="21" font-size="16" fill="{_INK}">{escape(sheet.title)}</text>',
        *(_drawn(one) for one in sheet.visuals),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _drawn(visual: Visual) -> str:
    column, row, across, down = visual.place
    x, y = column * _CELL + _GAP, _HEAD + row * _ROW + _GAP
    width, height = across * _CELL - 2 * _GAP, down * _ROW - 2 * _GAP
    inner = (x + 12, y + 28, width - 24, height - 38)
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="none" stroke="{_LINE}"/>\n'
        f'<text x="{x + 8}" y="{y + 18}" fill="#37474f">{escape(visual.title)}</text>\n'
        + _shape(visual.kind, *inner)
    )


def _shape(kind: Kind, x: int, y: int, width: int, height: int) -> str:
    draw = {
        "figure": _figure, "bars": _bars, "lines": _lines, "heat": _heat, "areas": _areas,
        "flow": _flow, "table": _table,
    }  # fmt: skip
    return draw[kind](x, y, width, height)


def _box(x: float, y: float, width: float, height: float, fill: str = _INK) -> str:
    return (
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{height:.0f}" fill="{fill}"/>'
    )


def _figure(x: int, y: int, width: int, height: int) -> str:
    return f"{_box(x, y + height * 0.2, min(width, 90), height * 0.6)}"


def _bars(x: int, y: int, width: int, height: int) -> str:
    step = width / len(_BARS)
    return "".join(
        _box(x + n * step, y + height * (1 - share), step * 0.7, height * share)
        for n, share in enumerate(_BARS)
    )


def _lines(x: int, y: int, width: int, height: int) -> str:
    drawn = ""
    for down, colour in ((0.0, _INK), (0.15, _PALE)):
        points = " ".join(
            f"{x + width * n / (len(_POINTS) - 1):.0f},{y + height * (1 - share + down):.0f}"
            for n, share in enumerate(_POINTS)
        )
        drawn += f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="3"/>'
    return drawn


def _heat(x: int, y: int, width: int, height: int) -> str:
    return "".join(
        f'<g fill-opacity="{0.15 + 0.17 * abs(r - f):.2f}">'
        f"{_box(x + f * width / 5, y + r * height / 5, width / 5 - 2, height / 5 - 2)}</g>"
        for r in range(5)
        for f in range(5)
    )


def _areas(x: int, y: int, width: int, height: int) -> str:
    left = width * 0.55
    return (
        _box(x, y, left - 2, height)
        + _box(x + left, y, width - left, height * 0.6 - 2, _PALE)
        + _box(x + left, y + height * 0.6, width - left, height * 0.4, _LINE)
    )


def _flow(x: int, y: int, width: int, height: int) -> str:
    ends = f"{_box(x, y, 10, height)}{_box(x + width - 10, y, 10, height)}"
    middle = x + width / 2
    drawn = ""
    for start, end in ((0.2, 0.6), (0.5, 0.2), (0.8, 0.8)):
        here, there = y + height * start, y + height * end
        drawn += (
            f'<path d="M{x + 10} {here:.0f}C{middle:.0f} {here:.0f} {middle:.0f} {there:.0f} '
            f'{x + width - 10} {there:.0f}" fill="none" stroke="{_PALE}" stroke-width="14"/>'
        )
    return drawn + ends


def _table(x: int, y: int, width: int, height: int) -> str:
    rows = max(2, height // 18)
    return "".join(
        _box(x, y + n * height / rows, width, 10, _INK if n == 0 else _LINE) for n in range(rows)
    )
