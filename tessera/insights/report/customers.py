"""Who the customers are: by segment and by cluster."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tessera.insights import figures
from tessera.insights.names import MEAN_RECENCY, MEDIAN_RECENCY
from tessera.insights.report.drawing import charts
from tessera.insights.report.drawing.markup import Html, element
from tessera.insights.report.drawing.table import Heading, gauge, section, table, widest
from tessera.naming import PROSPECT
from tessera.plurals import plural
from tessera.records.runs.run import RunRecords
from tessera.records.scoring.score import SegmentRow

_CLUSTER_CAPTION = "K-Means clusters, the most valuable first; orders are means"
_CAPTION = "The segments in figures; orders and order value are means"


def segments(records: RunRecords) -> Html:
    """Return the segments: what they amount to, what they mean, what to do about them."""
    shown = [
        (charts.colour(index), row)
        for index, row in enumerate(records.score.segments)
        if row.customers or row.label != PROSPECT
    ]
    rows = [row for _, row in shown]
    return section(
        "Segments",
        element(
            "p",
            f"Every customer is in exactly one segment of the definition "
            f"{records.score.preset}. Above, who they are; below, what they bring.",
        ),
        _flow(rows, records.currency),
        _segment_table(shown, records.currency),
        element("h3", "What they mean, and what to do"),
        element("dl", [_advice(kind, row) for kind, row in shown], class_="advice"),
    )


def _flow(rows: Sequence[SegmentRow], currency: str) -> Html:
    titles = [
        f"{row.label}: {plural(row.customers, 'customer')} "
        f"({figures.share(row.share)}), {figures.money(row.monetary, currency)} "
        f"({figures.share(row.monetary_share)})"
        for row in rows
    ]
    return element(
        "div",
        element("span", "Customers", aria_hidden="true"),
        charts.flow(
            [row.share for row in rows],
            [row.monetary_share for row in rows],
            titles,
            label="Segments by share of customers, above, and of money, below. "
            + "; ".join(titles),
        ),
        element("span", "Money", aria_hidden="true"),
        class_="flows",
    )


def _segment_table(shown: Sequence[tuple[str, SegmentRow]], currency: str) -> Html:
    counts = [figures.number(row.customers) for _, row in shown]
    sums = [figures.money(row.monetary, currency) for _, row in shown]
    most = widest(counts, [row.customers for _, row in shown])
    richest = widest(sums, [row.monetary for _, row in shown])
    body = [
        [
            [element("i", class_=f"tile {kind}", aria_hidden="true"), row.label],
            gauge(count, row.customers, most, kind),
            figures.share(row.share),
            gauge(money, row.monetary, richest, kind),
            figures.share(row.monetary_share),
            figures.measure(row.median_recency_days),
            figures.number(row.mean_frequency, 1),
            figures.money(row.mean_order_value, currency),
        ]
        for (kind, row), count, money in zip(shown, counts, sums, strict=True)
    ]
    columns = [
        Heading("Segment"), Heading("Customers", number=True), Heading("Share", number=True),
        Heading("Money", number=True), Heading("of all money", number=True),
        Heading(MEDIAN_RECENCY, number=True),
        Heading("Orders", number=True), Heading("Order value", number=True),
    ]  # fmt: skip
    return table(_CAPTION, columns, body)


def _advice(kind: str, row: SegmentRow) -> Html:
    return element(
        "div",
        element("dt", element("i", class_=f"tile {kind}", aria_hidden="true"), row.label),
        element("dd", row.meaning),
        element("dd", row.action, class_="action") if row.action else None,
    )


def clusters(records: RunRecords) -> Html | None:
    """Return the K-Means clusters, or None when there are none."""
    rows = records.score.clusters
    if not rows:
        return None
    counts = [figures.number(row.customers) for row in rows]
    most = widest(counts, [row.customers for row in rows])
    total = sum(Decimal(row.monetary) for row in rows)
    body = [
        [
            [row.label, element("small", row.name)],
            gauge(count, row.customers, most),
            figures.money(row.monetary, records.currency),
            figures.share(Decimal(row.monetary) / total if total else None),
            figures.number(row.mean_recency_days),
            figures.number(row.mean_frequency, 1),
        ]
        for row, count in zip(rows, counts, strict=True)
    ]
    columns = [
        Heading("Cluster"), Heading("Customers", number=True), Heading("Money", number=True),
        Heading("of all money", number=True),
        Heading(MEAN_RECENCY, number=True),
        Heading("Orders", number=True),
    ]  # fmt: skip
    note = records.score.model.note
    return section(
        "Clusters",
        element(
            "p",
            "Segments follow rules. Clusters are the groups that K-Means finds in recency, "
            "frequency and money without any rules. They are a second opinion.",
        ),
        table(_CLUSTER_CAPTION, columns, body),
        element("p", note, class_="note") if note else None,
    )
