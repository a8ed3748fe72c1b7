"""The recency × frequency grid, and the thresholds behind the scores."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from tessera.insights import figures
from tessera.insights.report.drawing import charts
from tessera.insights.report.drawing.markup import Html, element
from tessera.insights.report.drawing.table import Heading, section, table
from tessera.plurals import plural
from tessera.records.runs.run import RunRecords
from tessera.records.scoring.score import GridCell, ScoreRecord

Thresholds = Mapping[str, Sequence[float]]
_Value = Literal["customers", "monetary"]


def grid(records: RunRecords) -> Html:
    """Return the recency × frequency grid, by customers and by money."""
    score = records.score
    return section(
        "Recency and frequency",
        element(
            "p",
            "Up: bought more recently. Right: buys more often. The top right corner is who you "
            "want more of; the top left is new; the bottom right is leaving.",
        ),
        element(
            "div",
            _heat_map("Customers", score, "customers", records.currency),
            _heat_map("Money", score, "monetary", records.currency),
            class_="pair",
        ),
    )


def _heat_map(title: str, score: ScoreRecord, value: _Value, currency: str) -> Html:
    scale, cells = score.scale, score.grid
    thresholds = score.thresholds
    most = max((_number(cell, value) for row in cells for cell in row), default=0.0)
    head = [
        element(
            "th",
            str(f),
            element("small", _orders(thresholds, f)),
            scope="col",
        )
        for f in range(1, scale + 1)
    ]
    body = [
        element(
            "tr",
            element("th", str(r), element("small", _recency(thresholds, r, scale)), scope="row"),
            [_heat_cell(cells[r - 1][f - 1], value, most, currency) for f in range(1, scale + 1)],
        )
        for r in range(scale, 0, -1)
    ]
    corner = element("th", element("small", f"days ↓ {_counted(score)} →"), scope="col")
    return element(
        "table",
        element("caption", f"{title} by recency score (rows) and frequency score (columns)"),
        element("thead", element("tr", corner, head)),
        element("tbody", body),
        class_="heat",
    )


def _heat_cell(cell: GridCell, value: _Value, most: float, currency: str) -> Html:
    count, spent = cell.customers, figures.money(cell.monetary, currency)
    money = figures.compact_money(cell.monetary, currency)
    text = figures.number(count) if value == "customers" else money
    return element(
        "td",
        text if count else figures.NONE,
        class_=charts.heat(_number(cell, value), most=most),
        title=f"{plural(count, 'customer')}, {spent}",
    )


def _number(cell: GridCell, value: _Value) -> float:
    return float(cell.customers if value == "customers" else cell.monetary)


def whole_range(thresholds: Sequence[Any], place: int, *, lowest: int = 0) -> str:
    """Return the whole numbers between two thresholds, such as 3–6: places go from 1, the lowest.

    A value equal to a threshold belongs below it. A fractional threshold counts by its floor.
    """
    edges = [lowest - 1, *(math.floor(Decimal(str(edge))) for edge in thresholds)]
    low = edges[place - 1] + 1
    if place == len(edges):
        return f"≥ {figures.number(low)}"
    high = edges[place]
    if low > high:
        return "nobody"
    return figures.number(low) if low == high else f"{figures.number(low)}–{figures.number(high)}"


def money_range(thresholds: Sequence[Any], place: int, *, currency: str) -> str:
    """Return the money between two thresholds, such as > €250.15 to €490.22."""
    edges = [figures.money(edge, currency, 2) for edge in thresholds]
    if place == 1:
        return f"≤ {edges[0]}"
    if place > len(edges):
        return f"> {edges[-1]}"
    low, high = edges[place - 2], edges[place - 1]
    return f"> {low} to {high}" if low != high else "nobody"


def _recency(thresholds: Thresholds, place: int, scale: int) -> str:
    """Return the days of a recency score: the fewest days have the highest score."""
    return whole_range(thresholds["recency"], scale + 1 - place)


def _counted(score: ScoreRecord) -> str:
    """Return what recency and frequency are about. The AWS guidance takes events of any kind."""
    return "events" if score.measures == "guidance" else "orders"


def _orders(thresholds: Thresholds, place: int) -> str:
    """Return the orders of a frequency score. A customer with a score has ordered."""
    return whole_range(thresholds["frequency"], place, lowest=1)


def scores(records: RunRecords) -> Html:
    """Return the thresholds in use and how many customers each score got."""
    score, scale = records.score, records.score.scale
    measures = {
        "recency": f"Recency: days since the last {_counted(score).removesuffix('s')}",
        "frequency": f"Frequency: {_counted(score)}",
        "monetary": "Money",
    }
    body = [
        [title, *(_bin(records, name, place) for place in range(1, scale + 1))]
        for name, title in measures.items()
    ]
    columns = [
        Heading("Measure"),
        *(Heading(f"Score {n}", number=True) for n in range(1, scale + 1)),
    ]
    return section(
        "Where the lines are",
        element(
            "p",
            "A score says which part of your customers a value belongs to; the highest is best. "
            "Equal values always share a score, so the parts need not be equally large.",
        ),
        table("Thresholds in use, and customers with each score", columns, body),
    )


def _bin(records: RunRecords, name: str, place: int) -> list[Html]:
    score = records.score
    thresholds, sizes = score.thresholds, score.bins[name]
    text = {
        "recency": lambda: _recency(thresholds, place, score.scale),
        "frequency": lambda: _orders(thresholds, place),
        "monetary": lambda: money_range(thresholds["monetary"], place, currency=records.currency),
    }[name]()
    return [
        element("b", text),
        element("span", figures.number(sizes[place - 1]), class_="note"),
        charts.bar(sizes[place - 1], of=max(sizes)),
    ]
