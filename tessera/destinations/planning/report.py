"""Report a load's result, for people and for the run's summary. Counts only, no customer data."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from tessera.destinations.port import BY_HAND, DELETED, RETIRED, WRITTEN
from tessera.plurals import plural
from tessera.records.loads.load import AddressCounts, LoadRecord, PlanCounts
from tessera.records.loads.load_report import Estimate, LoadFailure, LoadReport, PlacedSegment

# Counts that load.json and report.json share.
_COUNTS = tuple(
    field.name for cls in (PlanCounts, AddressCounts) for field in dataclasses.fields(cls)
)

RECREATED = (
    "This destination was created again since the last run, or replaced by another. It lacks what "
    "earlier runs sent, so the next run sends every customer."
)


@dataclasses.dataclass(frozen=True)
class Totals:
    """The totals of a load's slices."""

    rows: int = 0
    sent: int = 0
    refused: int = 0
    requests: int = 0


def report(
    record: LoadRecord,
    *,
    totals: Totals,
    segments: Sequence[PlacedSegment],
    planned: Estimate | None = None,
    failed: LoadFailure | None = None,
) -> LoadReport:
    """Return a destination's ``report.json``.

    Parameters
    ----------
    record
        ``load.json``, as MapSchema wrote it.
    totals
        The totals of the requests. All 0 for a destination that only gets files.
    segments
        The destination's segments after the load.
    planned
        The estimate of the plan.
    failed
        Why the load ended early, None if it did not.
    """
    counts: dict[str, Any] = {name: getattr(record, name) for name in _COUNTS}
    return LoadReport(
        **counts,
        destination=record.destination,
        sent=totals.sent,
        refused=totals.refused,
        requests=totals.requests,
        held=record.held,
        failed=failed,
        planned=planned,
        recreated=record.recreated,
        segments=tuple(segments),
        message=_failure(failed, totals=totals)
        if failed
        else message(record, totals=totals, segments=segments, planned=planned),
    )


def _failure(failed: LoadFailure, *, totals: Totals) -> str:
    todo = "Correct this: the next run sends the rest."
    if failed.error in ("Retryable", "Timeout"):
        todo = "The next run sends the rest."
    return (
        f"Failed at {failed.state} after sending {_customers(totals.sent)}: "
        f"{failed.message.rstrip('.')}. {todo}"
    )


def message(
    record: LoadRecord,
    *,
    totals: Totals,
    segments: Sequence[PlacedSegment],
    planned: Estimate | None = None,
) -> str:
    """Summarize the load in a few sentences."""
    if record.held:
        return f"{record.held} {plan_words(record, planned)}"
    changed = [segment for segment in segments if segment.action in ("created", "recreated")]
    if any(one.action == WRITTEN for one in segments) and not record.changes:
        sentences = []  # files only: the sentence on segments covers them
    elif not totals.rows and not changed:
        sentences = [f"Nothing to send: {_customers(record.unchanged)} already up to date."]
    else:
        sentences = [
            f"Sent {_customers(totals.sent)} in {plural(totals.requests, 'request')}. "
            f"{record.unchanged:,} were already up to date."
        ]
    sentences += _on_segments(segments, changed=len(changed))
    sentences += _on_customers(record, refused=totals.refused)
    return " ".join(sentences)


def _on_customers(record: LoadRecord, *, refused: int) -> list[str]:
    sentences = [RECREATED] if record.recreated else []
    if refused:
        sentences.append(f"{_customers(refused)} refused: see refused.csv.")
    sentences += unreadable_words(record)
    if record.untold:
        sentences.append(f"Not sent: {_customers(record.untold)} without {record.needs}.")
    if record.exits:
        sentences.append(f"Removed the labels of {_customers(record.exits)} missing from this run.")
    if record.left:
        sentences.append(
            f"Kept the last labels of {_customers(record.left)} missing from this run."
        )
    return sentences


def _on_segments(segments: Sequence[PlacedSegment], *, changed: int) -> list[str]:
    sentences = [f"{plural(changed, 'segment')} created or changed."] if changed else []
    written = [segment for segment in segments if segment.action == WRITTEN]
    if written:
        sentences.append(f"{plural(len(written), 'segment')} written to files, one each.")
    sentences += _retired(segments)
    by_hand = [segment for segment in segments if segment.action == BY_HAND]
    if by_hand:
        which = "the segments" if len(by_hand) == len(segments) else "some segments"
        sentences.append(f"Create {which} there by hand, using the rules in the report.")
    return sentences


def _retired(segments: Sequence[PlacedSegment]) -> list[str]:
    """Return the sentences on segments of earlier runs that are no longer in use."""
    left = [segment.name for segment in segments if segment.action == RETIRED]
    deleted = sum(segment.action == DELETED for segment in segments)
    sentences = [f"{plural(deleted, 'segment')} of earlier runs deleted."] if deleted else []
    if left:
        sentences.append(
            f"{plural(len(left), 'segment')} of earlier runs no longer in use, but not deleted: "
            f"{', '.join(left)}. Delete them when nothing uses them, or set "
            'retired_segments = "delete".'
        )
    return sentences


def plan_words(record: LoadRecord, planned: Estimate | None) -> str:
    """Summarize in a sentence or two what a load would send."""
    counts = [
        plural(getattr(record, name), thing)
        for name, thing in (("adds", "new customer"), ("updates", "change"), ("exits", "exit"))
    ]
    summary = f"To send: {', '.join(counts)}. {record.unchanged:,} already up to date."
    if planned is None:
        return summary
    pace = f", about {planned.minutes:,.1f} minutes" if planned.minutes is not None else ""
    return f"{summary} That is {plural(planned.requests, 'request')}{pace}."


def unreadable_words(record: LoadRecord) -> list[str]:
    """Return a sentence on the addresses that were omitted, if there are any."""
    phones, emails = record.unreadable_phone, record.unreadable_email
    omitted = []
    if phones:
        omitted.append(f"the phone number of {_customers(phones)}, which can't be read")
    if emails:
        omitted.append(f"the e-mail address of {_customers(emails)}, which can't be used")
    return [f"Not sent: {', and '.join(omitted)}."] if omitted else []


def files_report(record: LoadRecord) -> LoadReport:
    """Return ``report.json`` of a destination that only gets files: each run writes all of them."""
    segments = [
        PlacedSegment(segment.name, segment.label, WRITTEN, segment.customers)
        for segment in record.segments
    ]
    sent = Totals(rows=record.desired, sent=record.desired)
    summary = (
        f"Wrote {_customers(record.desired)} and {plural(len(segments), 'segment')} "
        f"to {plural(len(record.parts), 'file')}."
    )
    text = " ".join([summary, *unreadable_words(record)])
    return dataclasses.replace(report(record, totals=sent, segments=segments), message=text)


def _customers(count: int) -> str:
    return plural(count, "customer")
