"""What customers will be worth, and which of the valuable ones may be leaving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tessera.insights.records import RunRecords
from tessera.insights.report.drawing import charts, figures, plots
from tessera.insights.report.drawing.markup import Html, element
from tessera.insights.report.drawing.table import section
from tessera.insights.report.sets import meaning

Row = Mapping[str, Any]

_WHOLE_FROM = 50  # a distribution that ends beyond needs no cents


def lifetime_value(records: RunRecords) -> Html | None:
    """Return the distribution of CLV; None where it is withheld."""
    bins: Sequence[Row] = (records.score.get("value") or {}).get("clv_histogram") or ()
    if not any(row["customers"] for row in bins):
        return None
    terms = (records.score.get("models") or {}).get("terms") or ""
    unit = f", in {records.currency}" if records.currency else ""
    return section(
        "What customers will be worth",
        element(
            "p",
            "Customer lifetime value (CLV) here is the ",
            element("b", terms) if terms else "money still expected",
            ", forecast for each customer. Values on other terms do not compare.",
        ),
        _total(records, bins),
        element("h3", "Customers by CLV"),
        plots.columns(_bars(bins, records.currency), label="Customers by lifetime value"),
        element(
            "p",
            f"Below the columns, where their ranges start{unit}; above, customers. The last column "
            f"holds everybody beyond.{_unequal(bins)}",
            class_="note",
        ),
    )


def _total(records: RunRecords, bins: Sequence[Row]) -> Html | None:
    total = _sum_of_cells(records.score["value"].get("churn_by_value") or {})
    if total is None:
        return None
    customers = sum(row["customers"] for row in bins)
    return element(
        "p",
        f"All {figures.plural(customers, 'customer')} together: ",
        element("b", figures.money(total, records.currency)),
        f", {figures.money(total / customers, records.currency, 2)} each on average.",
    )


def _bars(bins: Sequence[Row], currency: str) -> list[plots.Bar]:
    places = 0 if float(bins[-1]["from"]) >= _WHOLE_FROM else 2
    bars = []
    for row in bins:
        low, high = row["from"], row["below"]
        start = figures.compact(low) if places == 0 else figures.number(low, places)
        end = "and more" if high is None else f"to {figures.money(high, currency, places)}"
        customers = figures.plural(row["customers"], "customer")
        title = f"{figures.money(low, currency, places)} {end}: {customers}"
        bars.append(plots.Bar(start, row["customers"], title))
    return bars


def _unequal(bins: Sequence[Row]) -> str:
    widths = [float(row["below"]) - float(row["from"]) for row in bins if row["below"] is not None]
    alike = not widths or max(widths) <= 1.05 * min(widths)  # ends are rounded
    return "" if alike else " The ranges are not equally wide."


def churn_by_value(records: RunRecords) -> Html | None:
    """Return customers by value and churn risk; None without both."""
    grid = (records.score.get("value") or {}).get("churn_by_value")
    if not grid or not any(map(any, grid["customers"])):
        return None
    known = _sum_of_cells(grid) is not None
    return section(
        "Who to save first",
        element("p", _how_to_read(records)),
        _map(grid, records.currency, known=known),
    )


def _how_to_read(records: RunRecords) -> str:
    sets = records.score.get("sets") or {}
    names = [(sets.get(name) or {}).get("column") for name in ("value_tier", "churn_band")]
    by = [f", by {meaning(column)}" if column else "" for column in names]
    return (
        f"Down: what customers are worth{by[0]}. Across: the risk that they do not order{by[1]}. "
        "Where high value meets high risk, a personal word pays; where low value meets it, "
        "automated messages must do."
    )


def _map(grid: Row, currency: str, *, known: bool) -> Html:
    rows = [place for place, counts in enumerate(grid["customers"]) if any(counts)]
    columns = [
        place for place in range(len(grid["columns"])) if any(c[place] for c in grid["customers"])
    ]
    weights = grid["clv"] if known else grid["customers"]
    most = max(float(weights[row][column] or 0) for row in rows for column in columns)
    head = [element("th", element("small", "value\u00a0↓ risk\u00a0→"), scope="col")]
    head += [element("th", grid["columns"][column], scope="col") for column in columns]
    body = [
        element(
            "tr",
            element("th", grid["rows"][row], scope="row"),
            [
                _cell(
                    grid["customers"][row][column],
                    grid["clv"][row][column] if known else None,
                    kind=charts.heat(float(weights[row][column] or 0), most=most),
                    currency=currency,
                )
                for column in columns
            ],
        )
        for row in rows
    ]
    unit = f" and their CLV{', ' + currency if currency else ''}" if known else ""
    return element(
        "table",
        element("caption", f"Customers{unit}; darker is {'more CLV' if known else 'more of them'}"),
        element("thead", element("tr", head)),
        element("tbody", body),
        class_="heat map",
    )


def _cell(count: int, worth: str | None, *, kind: str, currency: str) -> Html:
    if not count:
        return element("td", figures.NONE, class_="h0")
    title = figures.plural(count, "customer")
    if worth is None:
        return element("td", figures.number(count), class_=kind, title=title)
    return element(
        "td",
        figures.number(count),
        element("small", figures.compact(worth)),
        class_=kind,
        title=f"{title}, {figures.money(worth, currency)}",
    )


def _sum_of_cells(grid: Row) -> Decimal | None:
    """Return all CLV of the map; None where it is withheld."""
    cells = [cell for row in grid.get("clv") or () for cell in row if cell not in (None, "")]
    total = sum((Decimal(str(cell)) for cell in cells), Decimal())
    return total if total > 0 else None
