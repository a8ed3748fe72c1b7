"""What changed since the previous run and is worth a look, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tessera.insights import figures
from tessera.naming import PROSPECT
from tessera.plurals import plural
from tessera.records.insights.groups import SegmentFlow
from tessera.records.insights.insights import Alert
from tessera.records.runs.run import RunRecords
from tessera.segments.movement.causes import WORDS, Cause

_LEAST_CUSTOMERS = 10
_LEAST_SHARE = 0.05  # of the segment as it was
_MOST = 5  # segments
_BECAUSE = {**WORDS, Cause.OWN_BEHAVIOUR: "their own behaviour changed"}


def alerts(records: RunRecords, flows: Sequence[SegmentFlow]) -> tuple[Alert, ...]:
    """Return the alerts of a run, the most important first."""
    return (*_waited(records), *_destinations(records), *_segments(records, flows))


def _waited(records: RunRecords) -> Iterator[Alert]:
    breaker = records.score.breaker
    if breaker is not None and breaker.waits:
        yield Alert(kind="run_waited", about="", text=breaker.reason)


def _destinations(records: RunRecords) -> Iterator[Alert]:
    for report in records.destinations:
        if report.failed:
            yield Alert(
                kind="destination_failed", about=report.destination, text=report.failed.message
            )
        elif report.held:
            yield Alert(kind="destination_held", about=report.destination, text=report.held)


def _segments(records: RunRecords, flows: Sequence[SegmentFlow]) -> Iterator[Alert]:
    """Yield the segments that grew or shrank most."""
    previous = records.score.previous
    if previous is None:
        return
    moved = [flow for flow in flows if flow.label != PROSPECT and _is_large(flow)]
    for flow in sorted(moved, key=lambda flow: -abs(flow.after - flow.before))[:_MOST]:
        lost = flow.after < flow.before
        yield Alert(
            kind="segment_lost" if lost else "segment_won",
            about=flow.label,
            text=_sentences(flow, since=figures.day(previous.as_of)),
        )


def _is_large(flow: SegmentFlow) -> bool:
    change = abs(flow.after - flow.before)
    return change >= _LEAST_CUSTOMERS and change >= _LEAST_SHARE * flow.before


def _sentences(flow: SegmentFlow, *, since: str) -> str:
    """Return, for example, ``Champions lost 41 customers since 22 November 2026: …``."""
    change = flow.after - flow.before
    verb, causes = ("lost", flow.out_by_cause) if change < 0 else ("won", flow.in_by_cause)
    went, came = flow.moved_out + flow.left, flow.moved_in + flow.entered
    cause, most = next(iter(causes.items()))
    who = "left" if change < 0 else "came"
    return (
        f"{flow.label} {verb} {plural(abs(change), 'customer')} since {since}: "
        f"{figures.number(went)} left and {figures.number(came)} came. "
        f"{figures.number(most)} {who} because {_BECAUSE[Cause(cause)]}."
    )
