"""Retire segments that are no longer in use: their definition, their set or their name changed."""

from __future__ import annotations

from collections.abc import Sequence

from tessera.records.loads.segment import Segment


def retired(known: Sequence[Segment], wanted: Sequence[Segment]) -> list[Segment]:
    """Return the segments that earlier runs created and that this run no longer wants.

    Parameters
    ----------
    known
        What earlier runs created at the destination.
    wanted
        What this run wants. A segment under a new name is a different segment.
    """
    names = {segment.name for segment in wanted}
    return [segment for segment in known if segment.name not in names]
