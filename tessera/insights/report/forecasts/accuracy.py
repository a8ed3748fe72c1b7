"""How far off forecasts of orders were in the test: by forecast, by group, and by range."""

from __future__ import annotations

from collections.abc import Iterator

from tessera.customers.report_card.words import MEANINGS
from tessera.insights import figures
from tessera.insights.report.drawing.markup import Child, Html, element
from tessera.insights.report.drawing.table import Heading, table
from tessera.insights.report.forecasts.corrections import GROUPS
from tessera.insights.report.forecasts.fits import model_title
from tessera.plurals import plural
from tessera.records.scoring.report_card import Accuracy, RangeTest, ReportCard

_BASELINES = {
    "same_rate": "Same rate",
    "segment_average": "Segment average",
    "silence": "Silence alone",
}
_COLUMNS = [
    Heading("Forecast"), Heading("Expected in all", number=True),
    Heading("Total off by", number=True), Heading("Deviance", number=True),
    Heading("MAE", number=True), Heading("RMSE", number=True),
]  # fmt: skip
_GROUP_COLUMNS = [
    Heading("Customers at the cut"), Heading("How many", number=True),
    Heading("Purchase model", number=True), Heading("Forecast", number=True),
    Heading("Happened", number=True),
]  # fmt: skip


def against(card: ReportCard) -> Html:
    """Return every forecast of orders with its errors: rules, purchase models, the forecast."""
    rows = list(_rows(card))
    happened = next((accuracy.actual for _, _, accuracy in rows), 0.0)
    columns = [
        [_shown(getattr(one, name)) for _, _, one in rows] for name in ("deviance", "mae", "rmse")
    ]
    errors = zip(*map(_marked, columns), strict=True)
    body: list[list[Child]] = [
        [
            [name, element("small", note)],
            figures.number(accuracy.predicted),
            figures.signed_share(accuracy.total_error),
            *cells,
        ]
        for (name, note, accuracy), cells in zip(rows, errors, strict=True)
    ]
    caption = (
        f"Purchase days after the cut: {figures.number(happened)} happened. The deviance "
        "(Poisson's, a customer) decides. MAE, RMSE and AUC decide nothing: MAE rewards the "
        "median, which is no order in most shops. The lowest of each column is bold"
    )
    return table(caption, _COLUMNS, body)


def _rows(card: ReportCard) -> Iterator[tuple[str, str, Accuracy]]:
    for name, accuracy in card.baselines.items():
        yield _BASELINES.get(name, name), MEANINGS.get(name, ""), accuracy
    for one in card.models:
        role = "the forecast starts from it" if one.name == card.model else "tested too"
        yield model_title(one.name), role, one.accuracy
    if card.forecast is not None:
        yield "This forecast", "the model, corrected by the shop's past", card.forecast


def _shown(error: float | None) -> str:
    return figures.number(error, 3)


def _marked(texts: list[str]) -> list[Child]:
    """Return a column's figures with the lowest in bold. All have equally many decimals."""
    present = [float(text.replace(",", "")) for text in texts if text != figures.NONE]
    best = _shown(min(present, default=0.0))
    return [element("b", text, class_="best") if text == best else text for text in texts]


def groups(card: ReportCard) -> Html | None:
    """Return how each kind of customers did. None without a forecast."""
    if not card.groups:
        return None
    body: list[list[Child]] = []
    for row in card.groups:
        name, note = GROUPS.get(row.group, (row.group, ""))
        means = (row.by_model, row.predicted, row.actual)
        body.append(
            [
                [name, element("small", note)],
                figures.number(row.customers),
                *(figures.number(mean, 2) for mean in means),
            ]
        )
    caption = "Purchase days after the cut, a customer: each group has a proof of its corrections"
    return table(caption, _GROUP_COLUMNS, body)


def ranges(card: ReportCard) -> Html | None:
    """Return whether ranges held in the test. None without a forecast."""
    held, forecast = card.ranges, card.forecast
    if held is None or forecast is None:
        return None
    return element("p", _total(held, expected=forecast.predicted), " ", _inside(held))


def _total(held: RangeTest, *, expected: float) -> str:
    came = plural(round(held.actual), "purchase day")
    return (
        f"Ranges in the test: {figures.number(expected)} purchase days were expected in all, 80 % "
        f"range {figures.number(held.low)} to {figures.number(held.high)}. {came} came, "
        f"{'inside' if held.held else 'outside'} the range."
    )


def _inside(held: RangeTest) -> str:
    if held.customers_inside is None:
        return ""
    return (
        f"Of the customers, {figures.share(held.customers_inside)} were inside their own range. It "
        "should hold at least 80 %, and holds more because orders are whole numbers."
    )
