"""What a run says of its customers, from its insights.json: nothing is computed here."""

from __future__ import annotations

import functools

from adapters.aws.objects import Objects
from adapters.stores.records import read_record
from tessera import naming
from tessera.api.documents.insights import (
    CohortList,
    DestinationList,
    ForecastReport,
    ProductList,
    SegmentList,
    SegmentStatistics,
    SourceList,
    TransitionList,
    TrendLine,
)
from tessera.api.refusals import missing
from tessera.records.fields import part_of
from tessera.records.insights.insights import Insights
from tessera.records.runs.latest import Latest
from tessera.segments.sets.catalog import RFM

_NO_PRODUCTS = (
    "The uploads of this run name no products. Upload a file with a row per product, and a column "
    "ProductCode or ProductName."
)


def insights_of(tenant: str, run_id: str | None, *, data: Objects) -> Insights:
    """Return a run's insights, of the tenant's last successful run if none is named.

    Raises
    ------
    RequestRefusal
        The tenant has no such run, or it has not finished.
    """
    return _insights(data, tenant, run_id or _latest(tenant, data=data))


def _latest(tenant: str, *, data: Objects) -> str:
    key = naming.latest_key(tenant)
    if not data.exists(key):
        raise missing("finished run")
    return read_record(Latest, data, key, tolerant=True).run_id


@functools.lru_cache(maxsize=32)  # a finished run's insights never change
def _insights(data: Objects, tenant: str, run_id: str) -> Insights:
    key = naming.run_key(tenant, run_id, naming.INSIGHTS)
    if not data.exists(key):
        raise missing("finished run of this id")
    return read_record(Insights, data, key, tolerant=True)


def statistics_of(insights: Insights, name: str) -> SegmentStatistics:
    """Return the groups of one segment set in numbers.

    Raises
    ------
    RequestRefusal
        The run has no such set.
    """
    one = insights.sets.get(name)
    if one is None:
        raise missing(f"segment set of this name in run {insights.run_id}")
    return part_of(
        insights,
        SegmentStatistics,
        set=name,
        meaning=one.meaning,
        customers=insights.overview.customers,
        groups=one.groups,
    )


def segments_of(insights: Insights) -> SegmentList:
    """Return every segment set."""
    return part_of(insights, SegmentList)


def transitions_of(insights: Insights, name: str) -> TransitionList:
    """Return who moved in one segment set since the previous run, and why.

    Raises
    ------
    RequestRefusal
        The run has no such set.
    """
    if name not in insights.sets:
        raise missing(f"segment set of this name in run {insights.run_id}")
    if name == RFM:
        return part_of(insights, TransitionList, set=name)
    return part_of(
        insights,
        TransitionList,
        set=name,
        movement=insights.set_movements.get(name),
        flows=insights.set_flows.get(name, ()),
    )


def cohorts_of(insights: Insights) -> CohortList:
    """Return who comes back how much later."""
    return part_of(insights, CohortList)


def report_card_of(insights: Insights) -> ForecastReport:
    """Return how far the forecasts can be trusted."""
    return part_of(insights, ForecastReport, text=insights.forecast_text)


def sources_of(insights: Insights) -> SourceList:
    """Return the sources of uploads as the run found them."""
    return part_of(insights, SourceList, items=insights.sources)


def trends_of(insights: Insights) -> TrendLine:
    """Return sizes and money over runs."""
    return part_of(insights, TrendLine, points=insights.trend)


def destinations_of(insights: Insights) -> DestinationList:
    """Return what each destination was sent, and what it holds."""
    return part_of(insights, DestinationList, items=insights.destinations)


def products_of(insights: Insights) -> ProductList:
    """Return what customers buy, or why that is not known."""
    reason = _NO_PRODUCTS if insights.products is None else None
    return part_of(insights, ProductList, reason=reason)
