"""What a run says of its customers."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header, Response

from lambdas.api.calls import Asker, Call, Caller
from lambdas.api.parameters import RunId, SetName
from lambdas.api.replies import csv_reply
from steps.serve import insights as steps
from steps.serve.tables import products_table, statistics_table
from tessera.api.documents.access import Me
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
from tessera.api.route import CSV
from tessera.records.insights.insights import Insights

_Accept = Annotated[str, Header(include_in_schema=False)]


def me(one: Asker) -> Me:
    """Return who asks."""
    return Me(tenant=one.tenant, role=one.role, subject=one.subject, scopes=one.scopes)


def insights(call: Caller, run: RunId = None) -> Insights:
    """Return everything of a run."""
    return _of(call, run)


def segment_statistics(
    call: Caller, set: SetName = "rfm", run: RunId = None, accept: _Accept = ""
) -> SegmentStatistics | Response:
    """Return the groups of a set, as JSON or CSV."""
    statistics = steps.statistics_of(_of(call, run), set)
    return csv_reply(statistics_table(statistics)) if CSV in accept else statistics


def segment_statistics_csv(call: Caller, set: SetName = "rfm", run: RunId = None) -> Response:
    """Return the groups of a set as CSV."""
    return csv_reply(statistics_table(steps.statistics_of(_of(call, run), set)))


def segments(call: Caller, run: RunId = None) -> SegmentList:
    """Return every set with its groups."""
    return steps.segments_of(_of(call, run))


def transitions(call: Caller, set: SetName = "rfm", run: RunId = None) -> TransitionList:
    """Return who moved, and why."""
    return steps.transitions_of(_of(call, run), set)


def cohorts(call: Caller, run: RunId = None) -> CohortList:
    """Return who comes back."""
    return steps.cohorts_of(_of(call, run))


def report_card(call: Caller, run: RunId = None) -> ForecastReport:
    """Return how far forecasts can be trusted."""
    return steps.report_card_of(_of(call, run))


def trends(call: Caller, run: RunId = None) -> TrendLine:
    """Return sizes over runs."""
    return steps.trends_of(_of(call, run))


def sources(call: Caller, run: RunId = None) -> SourceList:
    """Return the sources of uploads."""
    return steps.sources_of(_of(call, run))


def products(call: Caller, run: RunId = None, accept: _Accept = "") -> ProductList | Response:
    """Return what customers buy, as JSON or CSV."""
    document = steps.products_of(_of(call, run))
    return csv_reply(products_table(document)) if CSV in accept else document


def destinations(call: Caller, run: RunId = None) -> DestinationList:
    """Return what destinations hold."""
    return steps.destinations_of(_of(call, run))


def _of(call: Call, run: str | None) -> Insights:
    return steps.insights_of(call.tenant, run, data=call.services.data)
