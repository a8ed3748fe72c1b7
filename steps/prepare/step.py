"""What Prepare does, in order, whatever engine reads."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
from typing import Any

from adapters.engines.prepare import PrepareEngine, Summarised
from adapters.stores.events import UploadRecord
from adapters.stores.records import write_record
from steps.prepare.attributes import CountedAttributes, store_attributes, write_attributes
from steps.prepare.conversion import convert_history
from steps.prepare.index import index_identities
from steps.prepare.previous import write_previous_run
from steps.prepare.run import PrepareRun
from steps.prepare.upload import RunUpload, read_upload, store_upload
from steps.prepare.withdrawal import (
    Withdrawal,
    complete_without_run,
    open_withdrawal,
    store_withdrawal,
)
from tessera import naming
from tessera.customers.counted_period import counted_period, nothing_counts
from tessera.customers.orders.overlap import Overlap
from tessera.customers.summary import Period
from tessera.errors import InvalidInput, Retryable
from tessera.events.countable import LIMIT, check_countable
from tessera.events.counts import People, account_of
from tessera.events.persons.words import people_warnings
from tessera.records.file import File
from tessera.records.runs.prepare import (
    History,
    Outcome,
    PrepareRecord,
    Rows,
    Source,
    Summary,
)

_ATTEMPTS = 3


@dataclasses.dataclass(frozen=True, kw_only=True)
class Counted:
    """What a run counts.

    Parameters
    ----------
    period, warnings
        The days that count, and what the owner should know about them.
    last
        The last instant that counts.
    history
        All events of the tenant.
    rows
        What became of the upload's rows.
    summarised
        The customers.
    """

    period: Period
    warnings: tuple[str, ...]
    last: dt.datetime
    history: History
    rows: Rows
    summarised: Summarised


def prepare(run: PrepareRun, engine: PrepareEngine) -> PrepareRecord:
    """Summarise the history with the upload, store the upload, write prepare.json last.

    The upload counts in later runs once FinishRun has kept it.

    Raises
    ------
    InvalidInput
        The upload cannot be read, has too many bad rows, or nothing is left to count. A withdrawal
        counts all the same, where it leaves the tenant without events.
    Retryable
        Other runs kept replacing their uploads while this one read the history.
    """
    began = time.perf_counter()
    _settle(run)
    converted = convert_history(run)
    attributes_read = store_attributes(run)
    source = run.ticket.upload
    leaving = open_withdrawal(run, source) if source and source.withdrawn else None
    upload = read_upload(run, engine, source) if source and not leaving else None
    currency = upload.rows.ingested.currency if upload else run.currency()
    counted = _count(run, engine, upload, leaving=leaving)
    outcome = store_withdrawal(run, leaving) if leaving else store_upload(run, engine, upload)
    index_identities(run, engine)
    attributes = write_attributes(run, period=counted.period, looks_before=engine.looks_before)
    run.lap("total_s", began=began)
    record = _record(
        run,
        counted,
        upload=upload,
        leaving=leaving,
        outcome=outcome,
        converted=converted,
        currency=currency,
        attributes=attributes,
        attributes_read=attributes_read,
    )
    write_record(record, run.workspace.data, run.workspace.key(naming.PREPARE_RECORD))
    run.workspace.decided("summarised", customers=record.customers, buyers=record.buyers)
    return record


def _settle(run: PrepareRun) -> None:
    """Complete what a run left that was stopped, or an earlier attempt of this one."""
    ending = run.workspace.uploads.settle()
    if ending != "nothing":
        run.workspace.decided("an earlier upload is settled", ending=ending)


def _count(
    run: PrepareRun,
    engine: PrepareEngine,
    upload: RunUpload | None,
    *,
    leaving: Withdrawal | None,
) -> Counted:
    began = time.perf_counter()
    own = upload.record if upload else None
    uploads, overlap = _open_history(run, engine, own=own, leaving=leaving)
    span = engine.span()
    period, warnings = counted_period(
        span,
        as_of=run.ticket.as_of,
        settings=run.settings,
        started_at=run.ticket.started_at,
    )
    last = engine.span(where=period.contains).last
    if last is None:
        raise nothing_counts(period, span)
    if span.money >= LIMIT:  # of all customers: only then one of them can have so much
        names = upload.record.name if upload else ", ".join(each.name for each in uploads)
        check_countable(engine.largest_money(), uploads=names)
    summarised = engine.summarise(
        period,
        products=any(each.products for each in uploads),
        categories=any(each.categories for each in uploads),
    )
    earlier = write_previous_run(run, period=period, uploads=uploads)
    engine.compare(earlier, as_of=period.as_of)
    rows = Rows()
    if upload is not None:
        rank = [each.id for each in uploads].index(upload.record.id)
        kept = engine.kept(rank=rank, period=period)
        rows = account_of(upload.rows.ingested.tally, kept, known=overlap.known_rows)
    run.lap("summarise_s", began=began)
    return Counted(
        period=period,
        warnings=(*warnings, *overlap.warnings()),
        last=last,
        history=History(
            uploads=len(uploads),
            events=span.events,
            first_event_at=span.first,
            last_event_at=span.last,
            known_orders=overlap.known_orders,
            not_counted=overlap.not_counted,
            withdrawn=leaving.events if leaving else 0,
        ),
        rows=rows,
        summarised=summarised,
    )


def _open_history(
    run: PrepareRun,
    engine: PrepareEngine,
    *,
    own: UploadRecord | None,
    leaving: Withdrawal | None,
) -> tuple[list[UploadRecord], Overlap]:
    """Open the history of all uploads. Return them, the oldest first, and how they overlap."""
    workspace = run.workspace
    not_as_stored = {own.id if own else "", leaving.record.id if leaving else ""}
    for _ in range(_ATTEMPTS):
        uploads = workspace.uploads.events.uploads()
        stored = [each for each in uploads if each.id not in not_as_stored]
        known = sorted([*stored, *([own] if own else [])], key=lambda each: (each.since, each.id))
        if leaving and not known:
            raise complete_without_run(run, leaving)
        if not known:
            raise InvalidInput(
                f"tenant {workspace.tenant!r} has no events yet: put a file into "
                f"{naming.UPLOADS} first"
            )
        try:
            overlap = engine.open_history(known, own=own)
        except InvalidInput:  # a folder went while we read it: the pointer names a new one
            continue
        return known, overlap
    raise Retryable("the history changed while it was read: other uploads are being replaced")


def _members(summary: Summary) -> dict[str, Any]:
    """Return all that the summary counts, so that nothing of it is missing in the record."""
    return {field.name: getattr(summary, field.name) for field in dataclasses.fields(Summary)}


def _record(
    run: PrepareRun,
    counted: Counted,
    *,
    upload: RunUpload | None,
    leaving: Withdrawal | None,
    outcome: Outcome,
    converted: int,
    currency: str,
    attributes: CountedAttributes,
    attributes_read: tuple[File, ...],
) -> PrepareRecord:
    people = upload.rows.ingested.people if upload else People()
    return PrepareRecord(
        tenant=run.workspace.tenant,
        run_id=run.workspace.run_id,
        as_of=counted.period.as_of,
        time_zone=counted.period.time_zone,
        last_event_at=counted.last,
        currency=currency,
        source=upload.rows.ingested.source if upload else Source(),
        decimal=upload.rows.ingested.mark if upload else "dot",
        rows=counted.rows,
        history=dataclasses.replace(counted.history, converted_uploads=converted),
        **_members(counted.summarised.summary),
        attributes=attributes.record,
        upload_last_event_at=upload.record.held.last if upload else None,
        reupload=outcome,
        pending=outcome != "unchanged",
        anonymous=people.anonymous,
        doubtful_ids={kind: doubt.rows for kind, doubt in people.doubts.items()},
        warnings=(
            *(upload.notes() if upload else ()),
            *(leaving.warnings() if leaving else ()),
            *counted.warnings,
            *people_warnings(people, doubtful_ids=run.settings.doubtful_ids, currency=currency),
            *attributes.warnings,
        ),
        inputs=(*(upload.rows.files if upload else ()), *attributes_read),
        outputs=(*counted.summarised.outputs, attributes.file),
        timings=run.laps,
    )
