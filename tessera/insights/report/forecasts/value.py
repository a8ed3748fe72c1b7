"""What customers will be worth, and which of the valuable ones may be leaving."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tessera.insights import figures
from tessera.insights.forecasts import CLV, amount, range_of
from tessera.insights.report.drawing import charts, plots
from tessera.insights.report.drawing.markup import Html, element
from tessera.insights.report.drawing.table import section
from tessera.insights.report.sets import meaning
from tessera.plurals import plural
from tessera.records.runs.run import RunRecords
from tessera.records.scoring.sets import ValueBin, ValueByChurn

_WHOLE_FROM = 50  # a distribution that ends beyond needs no cents


def lifetime_value(records: RunRecords) -> Html | None:
    """Return the distribution of CLV, or None where it is withheld."""
    bins = (records.score.value.clv_histogram if records.score.value else None) or ()
    if not any(row.customers for row in bins):
        return None
    terms = records.score.models.terms if records.score.models else ""
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
            f"Below the columns, where their ranges start; above, customers. The last column "
            f"holds everybody beyond.{_unequal(bins)}",
            class_="note",
        ),
    )


def _total(records: RunRecords, bins: Sequence[ValueBin]) -> Html | None:
    total, currency = records.score.totals.get(CLV), records.currency
    if total is None:
        return None
    customers = sum(row.customers for row in bins)
    return element(
        "p",
        f"All {plural(customers, 'customer')} together: ",
        element("b", amount(total.expected, currency=currency)),
        f" ({range_of(total, currency=currency)}), "
        f"{figures.money(total.expected / customers, currency, 2)} each on average.",
    )


def _bars(bins: Sequence[ValueBin], currency: str) -> list[plots.Bar]:
    places = 0 if bins[-1].low >= _WHOLE_FROM else 2
    bars = []
    for row in bins:
        low, high = row.low, row.below
        start = (
            figures.compact_money(low, currency)
            if places == 0
            else figures.money(low, currency, places)
        )
        end = "and more" if high is None else f"to {figures.money(high, currency, places)}"
        customers = plural(row.customers, "customer")
        title = f"{figures.money(low, currency, places)} {end}: {customers}"
        bars.append(plots.Bar(start, row.customers, title))
    return bars


def _unequal(bins: Sequence[ValueBin]) -> str:
    widths = [row.below - row.low for row in bins if row.below is not None]
    alike = not widths or max(widths) <= 1.05 * min(widths)  # ends are rounded
    return "" if alike else " The ranges are not equally wide."


def churn_by_value(records: RunRecords) -> Html | None:
    """Return customers by value and churn risk, or None without both."""
    grid = _grid(records)
    if grid is None or not any(map(any, grid.customers)):
        return None
    known = _has_sums(grid)
    return section(
        "Who to save first",
        element("p", _how_to_read(records)),
        _map(grid, records.currency, known=known),
        _uncertain(records) if known else None,
    )


def _uncertain(records: RunRecords) -> Html | None:
    """Say how far off the sums of cells may be: each at least as far as all together."""
    total = records.score.totals.get(CLV)
    if total is None or total.expected <= 0:
        return None
    low, high = (figures.signed_share(end / total.expected - 1) for end in (total.low, total.high))
    return element(
        "p",
        f"These sums are forecasts: 80 % range {low} to {high} for all together, and wider for "
        "each part.",
        class_="note",
    )


def _grid(records: RunRecords) -> ValueByChurn | None:
    return records.score.value.churn_by_value if records.score.value else None


def _how_to_read(records: RunRecords) -> str:
    sets = [records.score.sets.get(name) for name in ("value_tier", "churn_band")]
    by = [f", by {meaning(one.column)}" if one and one.column else "" for one in sets]
    return (
        f"Down: what customers are worth{by[0]}. Across: the risk that they do not order{by[1]}. "
        "Where high value meets high risk, a personal word pays; where low value meets it, "
        "automated messages must do."
    )


def _map(grid: ValueByChurn, currency: str, *, known: bool) -> Html:
    rows = [place for place, counts in enumerate(grid.customers) if any(counts)]
    columns = [place for place in range(len(grid.columns)) if any(c[place] for c in grid.customers)]
    weights = [[float(cell) for cell in row] for row in (grid.clv if known else grid.customers)]
    most = max(weights[row][column] for row in rows for column in columns)
    head = [element("th", element("small", "value\u00a0↓ risk\u00a0→"), scope="col")]
    head += [element("th", grid.columns[column], scope="col") for column in columns]
    body = [
        element(
            "tr",
            element("th", grid.rows[row], scope="row"),
            [
                _cell(
                    grid.customers[row][column],
                    grid.clv[row][column] if known else None,
                    kind=charts.heat(weights[row][column], most=most),
                    currency=currency,
                )
                for column in columns
            ],
        )
        for row in rows
    ]
    unit = " and their CLV" if known else ""
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
    title = plural(count, "customer")
    if worth is None:
        return element("td", figures.number(count), class_=kind, title=title)
    return element(
        "td",
        figures.number(count),
        element("small", figures.compact_money(worth, currency)),
        class_=kind,
        title=f"{title}, {figures.money(worth, currency)}",
    )


def _has_sums(grid: ValueByChurn) -> bool:
    """Return whether the map has any CLV: none where it is withheld."""
    return any(Decimal(cell) > 0 for row in grid.clv for cell in row)
