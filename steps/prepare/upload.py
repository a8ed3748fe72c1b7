"""The run's upload: read and checked before the history is counted, stored after it."""

from __future__ import annotations

import dataclasses
import itertools
import time
from collections.abc import Iterable, Iterator

from adapters.engines.prepare import PrepareEngine, UploadRows
from adapters.stores.events import UploadRecord
from adapters.stores.records import write_record
from adapters.tables.rejects import write_rejects
from steps.prepare.run import PrepareRun
from tessera import naming
from tessera.events.content import EVENT_SETTINGS, content_digest
from tessera.events.counts import Span, Stored, check_share
from tessera.events.rejects import Reject
from tessera.records.runs.prepare import Outcome
from tessera.records.runs.rejects import RejectedLine, RejectedRows
from tessera.records.runs.ticket import Upload

_LINES = 1000  # rejected rows that people see in the API, without their content


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunUpload:
    """The run's upload as it was read.

    Parameters
    ----------
    record
        What is known about its events.
    rows
        What was read.
    """

    record: UploadRecord
    rows: UploadRows

    def notes(self) -> tuple[str, ...]:
        """Return what the owner should know about how it was read, a sentence each."""
        source = self.rows.ingested.source
        return (*([f"Orders count as {source.money}"] if source.money else []), *source.notes)


def read_upload(run: PrepareRun, engine: PrepareEngine, upload: Upload) -> RunUpload:
    """Read and check the run's upload. Nothing is stored yet.

    Raises
    ------
    InvalidInput
        It cannot be read, has no rows, or too many bad ones: rejects.csv.gz is written first. Or
        the tenant's history is in another currency.
    """
    began = time.perf_counter()
    currency = run.currency(except_upload=upload.id)
    rows = engine.read(
        upload.parts,
        settings=run.settings,
        currency=currency,
        uploaded_at=run.ticket.started_at,
    )
    began = run.lap("read_s", began=began)
    _check(run, rows, name=upload.parts[0].key)
    began = run.lap("check_s", began=began)
    record = _record(run, rows, upload=upload)
    run.lap("write_s", began=began)
    return RunUpload(record=record, rows=rows)


def store_upload(run: PrepareRun, engine: PrepareEngine, upload: RunUpload | None) -> Outcome:
    """Store the run's upload, if it has one. Call it once the history with it is summarised.

    It stands beside what the upload had, and counts in later runs once this one has finished. So a
    run that fails leaves the history as it was, and no upload can break later runs.
    """
    if upload is None:
        return "unchanged"
    began = time.perf_counter()
    outcome = run.workspace.uploads.begin(upload.record)
    if outcome != "unchanged":
        engine.store(upload.record)
    run.workspace.decided("stored", events=upload.record.events, outcome=outcome)
    run.lap("write_s", began=began)
    return outcome


def _check(run: PrepareRun, rows: UploadRows, *, name: str) -> None:
    """Write the rejected rows for their owner, then refuse an upload that has too many."""
    workspace, tally = run.workspace, rows.ingested.tally
    workspace.decided("read", rows=tally.read, rejected=sum(tally.rejected.values()))
    first: list[RejectedLine] = []
    rejects = _noted(rows.ingested.rejects(), first)
    path = write_rejects(workspace.folder / naming.REJECTS, rejects)
    lines = RejectedRows(first=tuple(first))
    write_record(lines, workspace.data, workspace.key(naming.REJECTED_LINES))
    key = workspace.key(naming.REJECTS)
    workspace.identities.upload(path, key)
    check_share(
        tally,
        name=name,
        max_bad_share=run.settings.max_bad_share,
        rejects=f"s3://{workspace.identities.bucket}/{key}",
    )


def _noted(rejects: Iterable[Reject], first: list[RejectedLine]) -> Iterator[Reject]:
    """Yield rejects, and note which rows the first of them are, without their content."""
    for reject in rejects:
        if len(first) < _LINES:
            first.append(
                RejectedLine(
                    file=reject.file, line=reject.line, column=reject.column, code=reject.code
                )
            )
        yield reject


def _record(run: PrepareRun, rows: UploadRows, *, upload: Upload) -> UploadRecord:
    stored, accepted = rows.events(), rows.ingested.tally.stored
    if stored.span.events != accepted:
        raise AssertionError(f"{accepted} rows were accepted, {stored.span.events} are events")
    before = run.workspace.uploads.events.find(upload.id)
    first, last = _texts(stored.span)
    content, *earlier = _contents(run, rows, stored=stored)
    same = before is not None and before.content in (content, *earlier)
    return UploadRecord(
        id=upload.id,
        name=upload.name,
        content=content,
        since=before.since if before else run.ticket.began,
        events=stored.span.events,
        event_ids=stored.event_ids,
        first_event_at=first,
        last_event_at=last,
        currency=rows.ingested.currency,
        order_ids=stored.order_ids,
        products=stored.products,
        categories=stored.categories,
        keyed_ids=True,
        voided=stored.voided,
        run_id=run.workspace.run_id,
        stored_at=before.held.stored_at if before and same else run.ticket.began,
    )


def _contents(run: PrepareRun, rows: UploadRows, *, stored: Stored) -> list[str]:
    """Return the hash of what is stored of the upload, and those that earlier versions gave it.

    They stored the same events without the orders that these void, or without categories.
    """
    of_events: dict[str, object] = {
        "sha256": [file.sha256 for file in rows.files],
        "currency": rows.ingested.currency,
        "ids": "keys",
    }
    if stored.products:
        of_events["products"] = "kept"
    later = [name for name in ("voided", "categories") if getattr(stored, name)]
    return [
        content_digest(
            of_events | dict.fromkeys(some, "kept"),
            settings=run.settings,
            read_by=EVENT_SETTINGS,
            secret=run.workspace.secret,
        )
        for count in range(len(later), -1, -1)
        for some in itertools.combinations(later, count)
    ]


def _texts(span: Span) -> tuple[str | None, str | None]:
    first, last = (each.isoformat() if each else None for each in (span.first, span.last))
    return first, last
