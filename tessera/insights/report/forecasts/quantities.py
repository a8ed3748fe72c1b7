"""What is published of each quantity, and why."""

from __future__ import annotations

from tessera.customers.report_card.words import GRADES, MEANINGS, Quantity, quantities
from tessera.insights import figures
from tessera.insights.forecasts import sentence
from tessera.insights.report.drawing.markup import Child, Html, element
from tessera.insights.report.drawing.table import Heading, table
from tessera.records.scoring.report_card import Verdicts

_CAPTION = (
    "Each quantity is judged by itself, on the days after the cut. The error is measured customer "
    "by customer, against the rule without a model that comes nearest"
)
_COLUMNS = [
    Heading("Quantity"), Heading("Shown"), Heading("Error saved", number=True),
    Heading("At least (95\u00a0%)", number=True), Heading("Level off by", number=True),
    Heading("Nearest rule: to assume that …", wide=True),
]  # fmt: skip


def published(verdicts: Verdicts) -> Html:
    """Return a table of all quantities, and the reasons of each."""
    rows = quantities(verdicts)
    return element(
        "div",
        table(_CAPTION, _COLUMNS, [_row(one) for one in rows]),
        element("ul", [_reasons(one) for one in rows], class_="reasons"),
    )


def _row(one: Quantity) -> list[Child]:
    verdict = one.verdict
    nearest = verdict.nearest
    saved = verdict.savings[nearest] if nearest else None
    return [
        one.title,
        element("b", GRADES[verdict.grade], class_=f"grade {verdict.grade}"),
        figures.signed_share(saved.mean if saved else None),
        figures.signed_share(saved.at_least if saved else None),
        _level(one),
        MEANINGS.get(nearest, nearest) if nearest else figures.NONE,
    ]


def _level(one: Quantity) -> str:
    off_by = one.verdict.off_by
    if off_by is None:
        return figures.NONE
    if not one.is_chance:
        return figures.signed_share(off_by)
    points = figures.number(100 * off_by, 1)
    return f"{'+' if off_by > 0 and points != '0.0' else ''}{points} points"


def _reasons(one: Quantity) -> Html:
    head = f"{one.title}, {GRADES[one.verdict.grade]}."
    return element("li", element("b", head), " ", " ".join(map(sentence, one.verdict.reasons)))
