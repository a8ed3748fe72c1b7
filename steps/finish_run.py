"""Write a run's summary, insights, manifest and report, then make the run the tenant's latest one.

Every part may be repeated: a retry writes the same again.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

from adapters.aws.notices import Notices
from adapters.aws.objects import Objects
from adapters.stores.catalog import Catalog
from adapters.stores.event_partitions import catalogue_events
from adapters.stores.records import read_record, write_record
from adapters.stores.runs import SUCCEEDED, Runs
from adapters.stores.upload_history import UploadHistory
from steps.arrived import arrivals_of
from tessera import naming
from tessera.contracts.catalog import latest_run_line
from tessera.contracts.tables import MODEL_CARDS, PROFILES, TRANSITIONS
from tessera.errors import InvalidInput
from tessera.insights.cost.run_cost import Billing
from tessera.insights.manifest import manifest
from tessera.insights.report.page import render
from tessera.insights.sources.arrivals import arrivals_until
from tessera.insights.sources.health import health_of, unhealthy
from tessera.insights.statistics.insights import insights
from tessera.insights.summary import event_detail, failed_destinations, notification, summarise
from tessera.insights.trend import trend_until
from tessera.records.codec import encode
from tessera.records.loads.load import LoadRecord
from tessera.records.loads.load_report import LoadReport
from tessera.records.run_of_day import RunOfDay
from tessera.records.runs.latest import Latest
from tessera.records.runs.prepare import PrepareRecord
from tessera.records.runs.run import RunRecords
from tessera.records.runs.run_item import RunItem
from tessera.records.runs.summary import RunSummary
from tessera.records.runs.ticket import Ticket
from tessera.records.runs.trend import EarlierSummary, TrendPoint
from tessera.records.scoring.score import ScoreRecord


@dataclasses.dataclass(frozen=True, kw_only=True)
class Finished:
    """A finished run.

    Parameters
    ----------
    report
        The address of its report.
    failed_destinations
        The destinations that could not be updated.
    unhealthy_sources
        How many sources are late or unusual. None for a tenant whose uploads all come from people.
    """

    report: str
    failed_destinations: tuple[str, ...]
    unhealthy_sources: int | None = None


def finish_run(
    tenant: str,
    *,
    run_id: str,
    data: Objects,
    identities: Objects,
    catalog: Catalog,
    runs: Runs,
    notices: Notices,
    billing: Billing,
    console: str,
    now: dt.datetime,
) -> Finished:
    """Write what people and programs read of a run, end it, and notify them.

    Parameters
    ----------
    tenant, run_id
        The run. Every step before this one has written its record.
    data, identities, catalog, runs, notices
        The two buckets, the Glue catalog, the runs table and the notifications.
    billing
        What the run's jobs are billed by.
    console
        The origin of the console that the report links to. Empty without one.
    now
        When the run finishes.

    Raises
    ------
    InvalidInput
        A record is missing, the run was never claimed, or what it stored is gone.
    """
    records = _read(tenant, run_id, data, identities, now=now)
    summary = summarise(records)
    report = _write(records, summary, data, billing=billing, console=console)
    _catalogue(records, catalog, bucket=data.bucket)
    for folder in naming.SERVICE_WRITTEN:
        data.tag_prefix(naming.run_key(tenant, run_id, folder))
    uploads = UploadHistory(data, identities, tenant=tenant)
    run = _claimed(tenant, run_id, runs)
    if run.status != SUCCEEDED:  # a retry must not undo what a run after this one has changed
        _keep_upload(records, uploads)
        catalogue_events(uploads.events, catalog, bucket=data.bucket, tenant=tenant)
        # The next run compares itself with this one.
        latest = Latest(run_id=run_id, as_of=records.as_of)
        write_record(latest, data, naming.latest_key(tenant))
        data.write(
            naming.latest_run_key(tenant),
            latest_run_line(tenant=tenant, as_of=records.as_of.isoformat(), run_id=run_id),
        )
        runs.finish(tenant, run_id, finished_at=now.isoformat(timespec="milliseconds"))
    uploads.settle(run_id)  # before the next run's turn: that run stores an upload too
    runs.give_turn(tenant, execution_arn=run.execution_arn)
    notices.publish(naming.RUN_FINISHED, encode(event_detail(summary, report=report)))
    notices.notify(*notification(summary, report=report))
    return Finished(
        report=report,
        failed_destinations=failed_destinations(records.destinations),
        unhealthy_sources=unhealthy(records.sources),
    )


def _claimed(tenant: str, run_id: str, runs: Runs) -> RunItem:
    run = runs.get(tenant, run_id)
    if run is None:
        raise InvalidInput(f"run {run_id!r} of tenant {tenant!r} is not in the runs table")
    return run


def _keep_upload(records: RunRecords, uploads: UploadHistory) -> None:
    """Let the run's upload count in later runs."""
    upload = records.ticket.upload
    if upload is not None and records.prepare.pending:
        uploads.keep(upload.id, run_id=records.run_id)


def _read(
    tenant: str, run_id: str, data: Objects, identities: Objects, *, now: dt.datetime
) -> RunRecords:
    folder = naming.run_prefix(tenant, run_id)
    ticket = read_record(Ticket, data, folder + naming.TICKET)
    destinations = [
        naming.destination_prefix(tenant, run_id, name) for name in ticket.settings.destinations
    ]
    score = read_record(ScoreRecord, data, folder + naming.SCORE_RECORD)
    prepare = read_record(PrepareRecord, data, folder + naming.PREPARE_RECORD)
    arrivals = arrivals_until(arrivals_of(tenant, data), ticket=ticket, prepare=prepare)
    return RunRecords(
        ticket=ticket,
        prepare=prepare,
        score=score,
        destinations=tuple(
            read_record(LoadReport, identities, one + naming.LOAD_REPORT) for one in destinations
        ),
        loads=tuple(
            read_record(LoadRecord, identities, one + naming.LOAD_RECORD) for one in destinations
        ),
        earlier=_earlier(tenant, score.previous, data),
        arrivals=arrivals,
        sources=health_of(arrivals, now=now),
        finished_at=now,
    )


def _earlier(tenant: str, previous: RunOfDay | None, data: Objects) -> tuple[TrendPoint, ...]:
    """Return the trend until the previous run. Its summary may have expired with its files."""
    if previous is None:
        return ()
    key = naming.run_key(tenant, previous.run_id, naming.SUMMARY)
    if not data.exists(key):
        return ()
    return trend_until(read_record(EarlierSummary, data, key, tolerant=True))


def _write(
    records: RunRecords, summary: RunSummary, data: Objects, *, billing: Billing, console: str
) -> str:
    """Write the run's four documents for people and programs. Return the report's address."""
    made = manifest(records)
    page = render(records, made, console=console).encode()
    folder = naming.run_prefix(records.tenant, records.run_id)
    write_record(summary, data, folder + naming.SUMMARY)
    write_record(insights(records, billing=billing), data, folder + naming.INSIGHTS)
    write_record(made, data, folder + naming.MANIFEST)
    data.write(folder + naming.REPORT, page, content_type="text/html; charset=utf-8")
    return f"s3://{data.bucket}/{folder}{naming.REPORT}"


def _catalogue(records: RunRecords, catalog: Catalog, *, bucket: str) -> None:
    as_of = records.as_of.isoformat()
    folder = naming.profiles_partition(as_of, records.run_id)
    for table, prefix in (
        (PROFILES, naming.profiles_prefix(records.tenant)),
        (TRANSITIONS, naming.transitions_prefix(records.tenant)),
        (MODEL_CARDS, naming.model_cards_prefix(records.tenant)),
    ):
        catalog.add_partition(
            table,
            values=[records.tenant, as_of, records.run_id],
            location=f"s3://{bucket}/{prefix}{folder}",
        )
