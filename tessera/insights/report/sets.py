"""The segment sets: every customer has one label in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tessera.insights import figures
from tessera.insights.report.drawing.markup import Child, Html, element
from tessera.insights.report.drawing.table import Heading, gauge, section, table, widest
from tessera.records.runs.run import RunRecords
from tessera.records.scoring.sets import LabelRecord, SetRecord

_BY_QUANTILE = "quantile"
_TENTH, _TENTHS = "_tenth", 10  # how columns of ranks end, and how many ranks there are
_COLUMNS = {
    "clv_365d": "customer lifetime value",
    "value_tenth": "tenths of predicted value",
    "historic_value": "money spent so far",
    "p_no_order_90d": "the chance of no order within 90 days",
    "no_order_tenth": "tenths of the chance of no order",
    "p_cancel_30d": "the chance of a cancellation within 30 days",
    "loyalty_score": "the score of loyalty",
    "gap_state": "the customer's own gaps between purchases",
    "cluster": "the K-Means cluster",
}


def sets(records: RunRecords) -> Html | None:
    """Return each segment set, or None when there are none."""
    records_by_set = records.score.sets
    if not records_by_set:
        return None
    return section(
        "Segment sets",
        element(
            "p",
            "Beside the segments above, every customer has exactly one label in each of these "
            "sets. Each label is sent as a separate segment.",
        ),
        [_set(name, records_by_set[name]) for name in _in_order(records_by_set, records)],
    )


def _in_order(records_by_set: Mapping[str, SetRecord], records: RunRecords) -> list[str]:
    """Return the sets' names as the settings list them."""
    wanted = records.ticket.settings.segment_sets
    return sorted(
        records_by_set, key=lambda name: wanted.index(name) if name in wanted else len(wanted)
    )


def _set(name: str, one: SetRecord) -> Html:
    shown = [row for row in one.labels if row.customers]
    empty = [row.label for row in one.labels if not row.customers]
    return element(
        "article",
        element("h3", title(name)),
        element("p", one.meaning, " ", _by(one)),
        _labels(name, one, shown) if shown else None,
        element("p", f"Nobody is {_listed(empty)}.", class_="note") if empty else None,
        class_="set",
    )


def _by(one: SetRecord) -> str:
    """Say what labelled everybody, and what would have come first."""
    if one.of:
        return f"Combines {_listed([title(name).lower() for name in one.of], word='and')}."
    if one.by_conditions:
        return "The first label whose condition holds is given."
    column, withheld = one.column, one.withheld
    if column is None:
        return "No column has values for it in this run."
    if not withheld:
        return f"By {meaning(column)}."
    instead = _listed([meaning(name) for name in withheld], word="and")
    are = "is" if len(withheld) == 1 else "are"
    are = "is" if len(withheld) == 1 else "are"
    text = f"By {meaning(column)} in this run, because {instead} {are} withheld."
    if one.by is None or column.endswith(_TENTH):  # no limit in the meanings is a measured one
        text += " Read the meanings below as an order, not as measured chances."
    return text


def _labels(name: str, one: SetRecord, shown: Sequence[LabelRecord]) -> Html:
    total = sum(row.customers for row in shown)
    counts = [figures.number(row.customers) for row in shown]
    most = widest(counts, [row.customers for row in shown])
    limited = any(row.low is not None or row.below is not None for row in shown)
    columns = [Heading("Label"), Heading("Customers", number=True), Heading("Share", number=True)]
    columns += [Heading("Limits", number=True)] if limited else []
    columns += [Heading("Meaning", wide=True), Heading("What to do", wide=True)]
    body: list[list[Child]] = [
        [
            row.label,
            gauge(count, row.customers, most),
            figures.share(row.customers / total),
            *([_limits(row, one)] if limited else []),
            row.meaning,
            row.action or figures.NONE,
        ]
        for row, count in zip(shown, counts, strict=True)
    ]
    return table(f"{title(name)}: labels and their customers", columns, body)


def _limits(row: LabelRecord, one: SetRecord) -> str:
    """Return a label's range. A value equal to a quantile counts as below it."""
    low, high = row.low, row.below
    if one.column and one.column.endswith(_TENTH):
        return _tenths(low, high)
    above, below = (">", "≤") if one.by == _BY_QUANTILE else ("≥", "<")
    parts = [] if low is None else [f"{above}\u00a0{_value(low)}"]
    parts += [] if high is None else [f"{below}\u00a0{_value(high)}"]
    return ", ".join(parts) or figures.NONE


def _tenths(low: float | None, below: float | None) -> str:
    if low is None and below is None:
        return figures.NONE
    first, last = int(low or 1), int(below or _TENTHS + 1) - 1
    return f"tenth {first}" if first == last else f"tenths {first} to {last}"


def _value(value: float) -> str:
    return figures.number(value, 0 if abs(value) >= 100 else 2)


def meaning(column: str) -> str:
    """Return a profile column in words."""
    return _COLUMNS.get(column, column)


def title(name: str) -> str:
    """Return a set's name as a heading."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def _listed(names: Sequence[str], *, word: str = "or") -> str:
    *first, last = names
    return f"{', '.join(first)} {word} {last}" if first else last
