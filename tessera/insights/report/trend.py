"""How the segments developed over the tenant's runs."""

from __future__ import annotations

from collections.abc import Sequence

from tessera.insights import figures
from tessera.insights.report.drawing import charts
from tessera.insights.report.drawing.markup import Child, Html, element
from tessera.insights.report.drawing.table import Heading, section, table
from tessera.insights.trend import trend_of
from tessera.plurals import plural
from tessera.records.runs.run import RunRecords
from tessera.records.runs.trend import TrendPoint

_SHOWN = 6  # runs in figures: what fits on a page


def trend(records: RunRecords) -> Html | None:
    """Return customers by segment over the runs, or None after a single run."""
    points = trend_of(records)
    if len(points) < 2:
        return None
    return section(
        "How the segments develop",
        element(
            "p",
            f"Customers by segment in {plural(len(points), 'run')} from "
            f"{figures.day(points[0].as_of)} to {figures.day(points[-1].as_of)}. Each row has a "
            "separate scale.",
        ),
        table(_caption(points), _columns(points), _rows(records, points)),
    )


def _caption(points: Sequence[TrendPoint]) -> str:
    if len(points) <= _SHOWN:
        return "Customers in each run; a segment that a run did not have is –"
    return (
        f"Customers in the last {_SHOWN} runs, and all {len(points)} runs in the picture; "
        "a segment that a run did not have is –"
    )


def _columns(points: Sequence[TrendPoint]) -> list[Heading]:
    days = [Heading(figures.day(point.as_of), number=True) for point in points[-_SHOWN:]]
    return [Heading("Segment"), Heading("All runs"), *days]


def _rows(records: RunRecords, points: Sequence[TrendPoint]) -> list[list[Child]]:
    labels = [row.label for row in records.score.segments]
    gone = {label for point in points for label in point.segments} - set(labels)
    rows = [_row("All customers", [point.customers for point in points])]
    for label in [*labels, *sorted(gone)]:
        sizes = [point.segments.get(label) for point in points]
        if any(sizes):
            rows.append(_row(label, sizes))
    sums = [figures.money(point.monetary, records.currency) for point in points[-_SHOWN:]]
    money = charts.columns([float(point.monetary) for point in points])
    return [*rows, ["Net money", money, *sums]]


def _row(name: str, sizes: Sequence[int | None]) -> list[Child]:
    picture = charts.columns([size or 0 for size in sizes])
    return [name, picture, *(figures.number(size) for size in sizes[-_SHOWN:])]
