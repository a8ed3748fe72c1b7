"""What a load would do, before anything of it is sent: for a dry run, and for whoever asks."""

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
    """Return what a destination is to be told, in counts alone.

    Parameters
    ----------
    record
        ``load.json``, as MapSchema wrote it.
    known
        The segments that runs before left at the destination.
    planned
        What the plan will take.

    Returns
    -------
    dict
        Customers by ``adds``, ``updates``, ``exits`` and ``unchanged``, ``segments`` by the same
        names, ``requests`` and ``minutes`` (None where nobody knows) for the customers, why the
        load is ``held`` (empty when it is not), and a ``message`` for people.
    """
    said = [record["held"], plan_words(record, planned), *unreadable_words(record)]
    return {
        "destination": record["destination"],
        **{name: record[name] for name in _COUNTS},
        "segments": segment_changes([Segment.parse(one) for one in record["segments"]], known),
        "requests": planned.requests,
        "minutes": planned.minutes,
        "held": record["held"],
        "message": " ".join(said).strip(),
    }


def segment_changes(wanted: Sequence[Segment], known: Sequence[Segment]) -> dict[str, int]:
    """Count the segments to be made, to be changed, asked for no more, and as they are."""
    there = {one.name: _condition(one) for one in known}
    adds = sum(one.name not in there for one in wanted)
    same = sum(there.get(one.name) == _condition(one) for one in wanted)
    updates = len(wanted) - adds - same
    counts = (adds, updates, len(retired(known, wanted)), same)
    return dict(zip(_COUNTS, counts, strict=True))


def _condition(segment: Segment) -> tuple[Any, ...]:
    """Return what makes somebody a member."""
    return (segment.kind, segment.set, segment.value, segment.bounds)
