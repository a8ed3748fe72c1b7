"""What prepare.json says, and when a run has nothing to say it about: the same on every engine."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from adapters.prepare.rejects import Reject, write_rejects
from adapters.prepare.run import Run, check_share, content_of
from adapters.stores.events import Outcome, UploadRecord
from tessera import naming
from tessera.customers.summary import Period, day_after
from tessera.errors import InvalidInput
from tessera.events.reasons import AFTER_AS_OF, BEFORE_WINDOW, DUPLICATE_EVENT, NOT_AN_EVENT

_FUTURE = dt.timedelta(days=2)
NO_ROWS: dict[str, Any] = {"read": 0, "accepted": 0, "ignored": {}, "rejected": {}}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Span:
    """The events of a history: how many, and the instants of the first and the last."""

    events: int
    first: dt.datetime | None
    last: dt.datetime | None

    def to_dict(self, *, uploads: int) -> dict[str, Any]:
        """Return what prepare.json says of the history."""
        return {
            "uploads": uploads,
            "events": self.events,
            "first_event_at": self.first.isoformat() if self.first else None,
            "last_event_at": self.last.isoformat() if self.last else None,
        }


def period_of(run: Run, span: Span) -> tuple[Period, list[str]]:
    """Return the days that a run counts, and what its owner should know about them.

    Raises
    ------
    InvalidInput
        The history has no events.
    """
    told, zone = run.ticket["as_of"], run.settings.time_zone
    if span.last is None:
        raise InvalidInput("no row of the history is an event: there is nothing to count")
    as_of = dt.date.fromisoformat(told) if told else day_after(span.last, time_zone=zone)
    started = dt.datetime.fromisoformat(run.ticket["started_at"])
    warnings = []
    if not told and span.last > started + _FUTURE:
        warnings.append(
            f"the last event is dated {span.last.date()}, in the future, and as_of follows it: "
            "correct the date, or give as_of"
        )
    period = Period(as_of=as_of, window_months=run.settings.window_months, time_zone=zone)
    return period, warnings


def no_history(tenant: str) -> InvalidInput:
    """Return the error of a tenant without uploads."""
    return InvalidInput(
        f"tenant {tenant!r} has no events yet: put a file into {naming.UPLOADS} first"
    )


def nothing_counts(period: Period, span: Span) -> InvalidInput:
    """Return the error of a history that lies outside the period."""
    start = f" and on or after {period.start.date()}" if period.start else ""
    said = span.to_dict(uploads=0)
    return InvalidInput(
        f"no event lies before as_of {period.as_of}{start}: the history runs from "
        f"{said['first_event_at']} to {said['last_event_at']}; choose another as_of or "
        "'window_months'"
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tally:
    """An upload's rows: those read, those refused by code, those that are no events."""

    read: int
    rejected: Mapping[str, int]
    not_events: int

    @property
    def stored(self) -> int:
        """Rows that are events."""
        return self.read - sum(self.rejected.values()) - self.not_events


@dataclasses.dataclass(frozen=True, kw_only=True)
class Kept:
    """An upload's events in the history, each id once: all, and those outside the period."""

    events: int
    after: int
    before: int


def rows_record(tally: Tally, kept: Kept) -> dict[str, Any]:
    """Return what prepare.json says of the upload's rows; every one of them is somewhere."""
    ignored = {
        AFTER_AS_OF.code: kept.after,
        BEFORE_WINDOW.code: kept.before,
        DUPLICATE_EVENT.code: tally.stored - kept.events,
        NOT_AN_EVENT.code: tally.not_events,
    }
    counted = kept.events - kept.after - kept.before
    if counted + sum(ignored.values()) + sum(tally.rejected.values()) != tally.read or any(
        count < 0 for count in ignored.values()
    ):
        raise AssertionError(
            f"rows went missing: {counted} accepted, {ignored} ignored and "
            f"{dict(tally.rejected)} rejected are not the {tally.read} read"
        )
    return {
        "read": tally.read,
        "accepted": counted,
        "ignored": {code: count for code, count in sorted(ignored.items()) if count},
        "rejected": dict(tally.rejected),
    }


def check_rows(run: Run, tally: Tally, *, rejects: Iterable[Reject], name: str) -> None:
    """Write the refused rows for their owner, then refuse an upload that has too many.

    Parameters
    ----------
    name
        The upload's file, or the first of them.

    Raises
    ------
    InvalidInput
        It has no rows, or too many bad ones.
    """
    run.decided("read", rows=tally.read, rejected=sum(tally.rejected.values()))
    path = write_rejects(run.folder / naming.REJECTS, rejects)
    run.stores.identities.upload(path, run.key(naming.REJECTS))
    check_share(run, name=name, read=tally.read, rejected=tally.rejected)


def upload_record(
    run: Run, span: Span, *, tally: Tally, event_ids: int, sha256: Sequence[str], currency: str
) -> UploadRecord:
    """Return the record of the run's upload, whose events are ready to be stored.

    Parameters
    ----------
    span
        Of the upload's events.
    tally
        Its rows: as many must be events.
    event_ids
        Events with an event_id.
    sha256
        Of its parts.
    """
    if span.events != tally.stored:
        raise AssertionError(f"{tally.stored} rows were accepted, {span.events} are events")
    told, said = run.ticket["upload"], span.to_dict(uploads=0)
    before = run.events.find(told["id"])
    return UploadRecord(
        id=told["id"],
        name=told["name"],
        content=content_of(run, sha256=sha256, currency=currency),
        since=before.since if before else run.ticket["started_at"],
        events=span.events,
        event_ids=event_ids,
        first_event_at=said["first_event_at"],
        last_event_at=said["last_event_at"],
        currency=currency,
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Prepared:
    """What a run prepared, but for its currency, attributes and timings.

    Parameters
    ----------
    period, warnings
        The days that it counted (see ``period_of``).
    span, uploads
        The whole history, and how many uploads it is made of.
    last
        The last instant that counts.
    mark
        The upload's decimal mark.
    rows
        As ``rows_record`` gives them.
    summary
        Totals, held out days and cohorts.
    outcome
        What storing the upload came to.
    inputs, outputs
        Files read and written, by key, size and hash.
    """

    period: Period
    warnings: list[str]
    span: Span
    uploads: int
    last: dt.datetime
    mark: str
    rows: dict[str, Any]
    summary: dict[str, Any]
    outcome: Outcome
    inputs: list[dict[str, Any]]
    outputs: list[dict[str, Any]]

    def to_dict(self, run: Run) -> dict[str, Any]:
        """Return what prepare.json says of it."""
        return {
            "tenant": run.tenant,
            "run_id": run.ticket["run_id"],
            "as_of": self.period.as_of.isoformat(),
            "time_zone": self.period.time_zone,
            "last_event_at": self.last.isoformat(),
            "decimal": self.mark,
            "rows": self.rows,
            "history": self.span.to_dict(uploads=self.uploads),
            **self.summary,
            "reupload": self.outcome,
            "warnings": self.warnings,
            "inputs": self.inputs,
            "outputs": self.outputs,
        }
