"""summary.json, and the short texts and events made from it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from tessera import __version__
from tessera.insights import forecasts
from tessera.insights.sources.words import source_warnings
from tessera.insights.trend import by_label, trend_of
from tessera.records.loads.load_report import LoadReport
from tessera.records.messages.run_finished import RowCounts, RunFinishedDetail
from tessera.records.runs.run import RunRecords
from tessera.records.runs.summary import RunSummary, RunTimings
from tessera.records.scoring.forecast_models import ForecastModels


def summarise(records: RunRecords) -> RunSummary:
    """Return a run's summary: counts, money as text, durations in seconds. No customer data."""
    prepare, score = records.prepare, records.score
    return RunSummary(
        version=__version__,
        tenant=records.tenant,
        run_id=records.run_id,
        as_of=records.as_of,
        upload=records.upload_name,
        reupload=prepare.reupload,
        source=prepare.source,
        rows=prepare.rows,
        history=prepare.history,
        customers=score.customers,
        buyers=score.buyers,
        orders=score.orders,
        monetary=score.monetary,
        currency=records.currency,
        repeat_buyers=prepare.repeat_buyers,
        median_days_to_second_order=prepare.median_days_to_second_order,
        segments=score.segments,
        clusters=score.clusters,
        sets=score.sets,
        models=outline(score.models),
        value=score.value,
        totals=score.totals,
        previous=score.previous,
        movement=score.movement,  # of whose members only those of MovementSummary are written
        breaker=score.breaker,
        trend=trend_of(records),
        arrivals=records.arrivals,
        sources=records.sources,
        destinations=records.destinations,
        warnings=(*records.warnings, *source_warnings(records.sources)),
        timings=_timings(records),
        started_at=records.ticket.started_at,
        finished_at=records.finished_at,
    )


def outline(models: ForecastModels | None) -> ForecastModels | None:
    """Return the models without trees and coefficients: score.json has them."""
    return dataclasses.replace(models, learnt=None) if models else None


def _timings(records: RunRecords) -> RunTimings:
    took = records.finished_at - records.ticket.started_at
    return RunTimings(
        prepare=records.prepare.timings,
        score=records.score.timings,
        total_s=round(took.total_seconds(), 3),
    )


def failed_destinations(reports: Iterable[LoadReport]) -> tuple[str, ...]:
    """Return the names of the destinations that failed."""
    return tuple(report.destination for report in reports if report.failed)


def event_detail(summary: RunSummary, *, report: str) -> RunFinishedDetail:
    """Return the detail of the "Run Finished" event. ``report`` is the report's address."""
    rows = summary.rows
    return RunFinishedDetail(
        tenant=summary.tenant,
        run_id=summary.run_id,
        as_of=summary.as_of,
        customers=summary.customers,
        buyers=summary.buyers,
        orders=summary.orders,
        monetary=summary.monetary,
        currency=summary.currency,
        rows=RowCounts(
            read=rows.read,
            accepted=rows.accepted,
            ignored=sum(rows.ignored.values()),
            rejected=sum(rows.rejected.values()),
        ),
        segments=by_label(summary.segments),
        failed_destinations=failed_destinations(summary.destinations),
        report=report,
    )


def notification(summary: RunSummary, *, report: str) -> tuple[str, str]:
    """Return the subject and text of the notification of a finished run."""
    rows = summary.rows
    rejected = sum(rows.rejected.values())
    ignored = sum(rows.ignored.values())
    segments = sum(1 for item in summary.segments if item.customers)
    lines = [
        f"Tenant {summary.tenant}, as of {summary.as_of}: {summary.customers:,} customers "
        f"in {segments} segments.",
        f"Rows: {rows.read:,} read, {rows.accepted:,} accepted, {ignored:,} ignored, "
        f"{rejected:,} rejected.",
        *filter(None, [forecasts.sentences(summary, currency=summary.currency)]),
        *(_sent(report) for report in summary.destinations),
        *(f"Note: {warning}" for warning in summary.warnings),
        f"Report: {report}",
    ]
    failed = failed_destinations(summary.destinations)
    but = f", but {', '.join(failed)} failed" if failed else ""
    subject = f"Tessera: {summary.customers:,} customers segmented ({summary.tenant}){but}"
    return subject, "\n".join(lines) + "\n"


def _sent(report: LoadReport) -> str:
    if report.held or report.failed:
        return f"{report.destination}: {report.message}"
    return (
        f"{report.destination}: {report.sent:,} sent, {report.unchanged:,} already in "
        f"place, {report.refused:,} refused."
    )
