"""Preview what a load would send: for a dry run, and for anyone who asks before a load."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tessera.destinations.planning.report import plan_words, unreadable_words
from tessera.destinations.planning.retiring import retired
from tessera.records.loads.load import LoadRecord
from tessera.records.loads.load_plan import Changes, LoadPlan
from tessera.records.loads.load_report import Estimate
from tessera.records.loads.segment import Segment


def preview(record: LoadRecord, *, known: Sequence[Segment], planned: Estimate) -> LoadPlan:
    """Return what a load would send, as counts only.

    Parameters
    ----------
    record
        ``load.json``, as MapSchema wrote it.
    known
        The segments that earlier runs created at the destination.
    planned
        The estimate of the plan.

    Returns
    -------
    LoadPlan
        What the load would do.
    """
    sentences = [record.held, plan_words(record, planned), *unreadable_words(record)]
    return LoadPlan(
        destination=record.destination,
        adds=record.adds,
        updates=record.updates,
        exits=record.exits,
        unchanged=record.unchanged,
        segments=segment_changes(record.segments, known),
        requests=planned.requests,
        minutes=planned.minutes,
        held=record.held,
        message=" ".join(sentences).strip(),
    )


def segment_changes(wanted: Sequence[Segment], known: Sequence[Segment]) -> Changes:
    """Count the segments to create, to change, no longer in use, and unchanged."""
    there = {one.name: _condition(one) for one in known}
    adds = sum(one.name not in there for one in wanted)
    same = sum(there.get(one.name) == _condition(one) for one in wanted)
    return Changes(
        adds=adds,
        updates=len(wanted) - adds - same,
        exits=len(retired(known, wanted)),
        unchanged=same,
    )


def _condition(segment: Segment) -> tuple[Any, ...]:
    """Return what makes a customer a member."""
    return (segment.kind, segment.set, segment.value, segment.bounds)
