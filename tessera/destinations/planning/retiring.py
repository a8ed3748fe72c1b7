"""Segments that are asked for no more: their definition or set changed, or they have new names."""

from __future__ import annotations

from collections.abc import Sequence

from tessera.destinations.port import Segment


def retired(known: Sequence[Segment], wanted: Sequence[Segment]) -> list[Segment]:
    """Return the segments that earlier runs left at a destination and that nobody asks for now.

    Parameters
    ----------
    known
        What earlier runs left there; we made each of them.
    wanted
        What this run asks for. A segment under a new name is another one.
    """
    names = {segment.name for segment in wanted}
    return [segment for segment in known if segment.name not in names]
