"""How many of each month's new customers come back, month by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from tessera.insights import figures
from tessera.insights.report.drawing import charts
from tessera.insights.report.drawing.markup import Html, element
from tessera.insights.report.drawing.table import section
from tessera.plurals import plural
from tessera.records.runs.prepare import Cohort
from tessera.records.runs.run import RunRecords

Cells = Mapping[int, Cohort]  # by months later

_MOST = 18  # cohorts, the latest


def cohorts(records: RunRecords) -> Html | None:
    """Return the cohorts' retention. None without two months to compare."""
    by_cohort = _by_cohort(records.prepare.cohorts)
    months = max((max(cells) for cells in by_cohort.values()), default=0)
    if not months:
        return None
    return section(
        "Do new customers come back?",
        element(
            "p",
            "Each row is everybody who bought first in that month, with how many they are and what "
            "each of them has brought so far. Each figure is the share who bought again so many "
            "months later. Read down a column: do newer customers "
            f"come back more or less than older ones? {_first_day(_latest(by_cohort)):%B %Y} is "
            f"counted as far as it was known on {figures.day(records.as_of)}.",
        ),
        element(
            "div",
            _triangle(by_cohort, months=months, currency=records.currency),
            class_="scroll",
            tabindex=0,
            role="region",
            aria_label="Cohorts' retention, scrolls sideways",
        ),
    )


def _by_cohort(rows: Sequence[Cohort]) -> dict[int, Cells]:
    """Return the latest cohorts, oldest first. Those without their first month are omitted."""
    by_cohort: dict[int, dict[int, Cohort]] = {}
    for row in rows:
        by_cohort.setdefault(row.cohort, {})[row.months_later] = row
    known = sorted(cohort for cohort, cells in by_cohort.items() if 0 in cells)
    return {cohort: by_cohort[cohort] for cohort in known[-_MOST:]}


def _triangle(by_cohort: Mapping[int, Cells], *, months: int, currency: str) -> Html:
    latest = _latest(by_cohort)
    shares = [
        _share(cells, later)
        for cells in by_cohort.values() for later in cells if later > 0
    ]  # fmt: skip
    head = [
        element("th", "First bought in", scope="col"),
        [element("th", f"+{later}", scope="col") for later in range(1, months + 1)],
    ]
    body = [
        element(
            "tr",
            element(
                "th",
                f"{_first_day(cohort):%b %Y}",
                element(
                    "small",
                    f"{figures.number(cells[0].customers)} · "
                    f"{figures.money(_spent_each(cells), currency)} each",
                ),
                scope="row",
            ),
            [
                _cell(cells, later, most=max(shares, default=0.0))
                if cohort + later <= latest
                else element("td")
                for later in range(1, months + 1)
            ],
        )
        for cohort, cells in by_cohort.items()
    ]
    return element(
        "table",
        element("caption", "Per cent who bought again, months later"),
        element("thead", element("tr", head)),
        element("tbody", body),
        class_="heat cohorts",
    )


def _cell(cells: Cells, later: int, *, most: float) -> Html:
    share, row = _share(cells, later), cells.get(later)
    count = row.customers if row else 0
    return element(
        "td",
        figures.number(100 * share) if count else figures.NONE,
        class_=charts.heat(share**2, most=most**2),  # shares differ little: no square root
        title=f"{figures.number(count)} of {plural(cells[0].customers, 'customer')}",
    )


def _share(cells: Cells, later: int) -> float:
    row, everybody = cells.get(later), cells[0].customers
    return row.customers / everybody if row and everybody else 0.0


def _spent_each(cells: Cells) -> Decimal | None:
    everybody = cells[0].customers
    total = sum((Decimal(row.spend) for row in cells.values()), Decimal())
    return total / everybody if everybody else None


def _latest(by_cohort: Mapping[int, Cells]) -> int:
    return max(cohort + max(cells) for cohort, cells in by_cohort.items())


def _first_day(month: int) -> dt.date:
    return dt.date(month // 12, month % 12 + 1, 1)
