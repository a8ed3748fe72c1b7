"""The whole page, self-contained: no script, no font, no image from elsewhere."""

from __future__ import annotations

from tessera.insights import figures
from tessera.insights.report import (
    cohorts,
    customers,
    delivery,
    movement,
    overview,
    products,
    scores,
    sets,
    subscriptions,
    trend,
)
from tessera.insights.report.drawing.markup import Html, element, join
from tessera.insights.report.drawing.style import STYLE
from tessera.insights.report.forecasts import loyalty, trust, value
from tessera.records.runs.manifest import Manifest
from tessera.records.runs.run import RunRecords


def render(records: RunRecords, made: Manifest, *, console: str = "") -> str:
    """Return report.html.

    Parameters
    ----------
    records
        What the run's steps wrote.
    made
        The run's manifest.
    console
        The origin of the console that it links to, such as ``https://console.example.com``. Empty
        without one.
    """
    title = f"Customer segments as of {figures.day(records.as_of)}"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="robots", content="noindex"),
        element("title", title),
        element("style", Html(STYLE)),
    )
    main = element(
        "main",
        overview.headline(records),
        customers.segments(records),
        movement.movement(records),
        trend.trend(records),
        value.churn_by_value(records),
        sets.sets(records),
        value.lifetime_value(records),
        trust.trust(records),
        loyalty.loyalty(records),
        products.next_products(records),
        subscriptions.subscriptions(records),
        cohorts.cohorts(records),
        scores.grid(records),
        scores.scores(records),
        customers.clusters(records),
        overview.intake(records),
        delivery.destinations(records),
    )
    header = overview.header(records, console=console)
    body = element("body", header, main, delivery.origin(records, made))
    return join((Html("<!doctype html>\n"), element("html", head, body, lang="en"), "\n"))
