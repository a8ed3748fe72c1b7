"""Preview what a load would send: for a dry run, and for anyone who asks before a load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tessera.destinations.planning.estimate import Estimate
from tessera.destinations.planning.report import plan_words, unreadable_words
from tessera.destinations.planning.retiring import retired
from tessera.destinations.port import Segment

_COUNTS = ("adds", "updates", "exits", "unchanged")


def preview(
    record: Mapping[str, Any], *, known: Sequence[Segment], planned: Estimate
) -> dict[str, Any]:
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
    dict
        The number of customers under ``adds``, ``updates``, ``exits`` and ``unchanged``, and of
        segments under the same names in ``segments``. ``requests`` and ``minutes`` (None if
        unknown) for the customers. ``held``: the reason to hold the load, empty to send it.
        ``message``: the same for people.
    """
    sentences = [record["held"], plan_words(record, planned), *unreadable_words(record)]
    return {
        "destination": record["destination"],
        **{name: record[name] for name in _COUNTS},
        "segments": segment_changes([Segment.parse(one) for one in record["segments"]], known),
        "requests": planned.requests,
        "minutes": planned.minutes,
        "held": record["held"],
        "message": " ".join(sentences).strip(),
    }


def segment_changes(wanted: Sequence[Segment], known: Sequence[Segment]) -> dict[str, int]:
    """Count the segments to create, to change, no longer in use, and unchanged."""
    there = {one.name: _condition(one) for one in known}
    adds = sum(one.name not in there for one in wanted)
    same = sum(there.get(one.name) == _condition(one) for one in wanted)
    updates = len(wanted) - adds - same
    counts = (adds, updates, len(retired(known, wanted)), same)
    return dict(zip(_COUNTS, counts, strict=True))


def _condition(segment: Segment) -> tuple[Any, ...]:
    """Return what makes a customer a member."""
    return (segment.kind, segment.set, segment.value, segment.bounds)
