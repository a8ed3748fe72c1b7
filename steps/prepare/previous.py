"""The run before this one: what it published, and by which rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from adapters.aws.objects import Objects
from adapters.engines.prepare import EarlierRun
from adapters.stores.events import UploadRecord
from adapters.stores.records import read_record
from steps.prepare.run import PrepareRun
from tessera import naming
from tessera.customers.comparison import Known
from tessera.customers.summary import Period
from tessera.records.run_of_day import RunOfDay
from tessera.records.runs.latest import Latest
from tessera.records.runs.previous import (
    CountedEvents,
    NotCompared,
    PreviousRun,
    PublishedScore,
    previous_document,
)
from tessera.records.runs.ticket import Ticket


def write_previous_run(
    run: PrepareRun, *, period: Period, uploads: Sequence[UploadRecord]
) -> EarlierRun | None:
    """Write previous.json, and return the run to compare with. None without one.

    Parameters
    ----------
    uploads
        This run's, the oldest first.
    period
        The days that this run counts.
    """
    workspace = run.workspace
    latest = _latest(workspace.data, tenant=workspace.tenant)
    previous, earlier = (
        _previous(run, latest, period=period, uploads=uploads) if latest else (None, None)
    )
    key = workspace.key(naming.PREVIOUS_RECORD)
    workspace.data.write_json(key, previous_document(previous))
    return earlier


def _latest(data: Objects, *, tenant: str) -> Latest | None:
    key = naming.latest_key(tenant)
    return read_record(Latest, data, key, tolerant=True) if data.exists(key) else None


def _previous(
    run: PrepareRun, latest: Latest, *, period: Period, uploads: Sequence[UploadRecord]
) -> tuple[PreviousRun, EarlierRun] | tuple[NotCompared, None]:
    """Read the last successful run's documents, which another version may have written."""
    # This run again, or one that looks back: nothing led from there to here.
    if latest.run_id == run.workspace.run_id:
        return _not_compared(latest, "itself"), None
    if latest.as_of > period.as_of:
        return _not_compared(latest, "later"), None
    data, tenant = run.workspace.data, run.workspace.tenant
    ticket_key, score_key = (
        naming.run_key(tenant, latest.run_id, name) for name in (naming.TICKET, naming.SCORE_RECORD)
    )
    if not (data.exists(ticket_key) and data.exists(score_key)):
        # A stage keeps a run's files for so many days, and that run is older.
        return _not_compared(latest, "expired"), None
    ticket = read_record(Ticket, data, ticket_key, tolerant=True)
    settings = ticket.settings
    score = read_record(PublishedScore, data, score_key, tolerant=True)
    counted = Period(
        as_of=latest.as_of, window_months=settings.window_months, time_zone=settings.time_zone
    )
    previous = PreviousRun(
        run_id=latest.run_id,
        as_of=latest.as_of,
        days=(period.as_of - latest.as_of).days,
        same_period=_same_days(counted, period),
        settings=settings,
        thresholds=score.thresholds,
        sets=score.sets,
        models=score.models,
    )
    earlier = EarlierRun(
        period=counted,
        profiles=_profiles(data, tenant=tenant, run_id=latest.run_id, as_of=latest.as_of),
        same_period=previous.same_period,
        known=_known(data, ticket, uploads),
    )
    return previous, earlier


def _known(data: Objects, ticket: Ticket, uploads: Sequence[UploadRecord]) -> Known:
    """Return what a run knew of the uploads that there are now."""
    key = naming.run_key(ticket.tenant, ticket.run_id, naming.PREPARE_RECORD)
    counted = read_record(CountedEvents, data, key, tolerant=True) if data.exists(key) else None
    there = sum(each.since <= ticket.began for each in uploads)
    return Known(
        uploads=there,
        later_uploads=len(uploads) - there,
        last_event_at=counted.last_event_at if counted else None,
    )


def _not_compared(latest: Latest, why: Literal["itself", "later", "expired"]) -> NotCompared:
    return NotCompared(latest=RunOfDay(run_id=latest.run_id, as_of=latest.as_of), why=why)


def _same_days(one: Period, other: Period) -> bool:
    return (one.window_months, one.time_zone) == (other.window_months, other.time_zone)


def _profiles(data: Objects, *, tenant: str, run_id: str, as_of: dt.date) -> tuple[str, ...]:
    partition = naming.profiles_partition(as_of.isoformat(), run_id)
    keys = data.keys(naming.profiles_prefix(tenant) + partition)
    return tuple(key for key in keys if key.endswith(".parquet"))
