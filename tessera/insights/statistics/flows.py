"""Who came to each segment and who went, by cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tessera.records.insights.groups import SegmentFlow
from tessera.records.scoring.movement import Move, Movement


def flows(movement: Movement | None) -> tuple[SegmentFlow, ...]:
    """Return each segment's moves with their causes. Empty without an earlier run."""
    if movement is None:
        return ()
    return tuple(
        SegmentFlow(
            **vars(row),
            in_by_cause=_by_cause(
                move for move in movement.moves if row.label == move.to != move.source
            ),
            out_by_cause=_by_cause(
                move for move in movement.moves if row.label == move.source != move.to
            ),
        )
        for row in movement.segments
    )


def _by_cause(moves: Iterable[Move]) -> dict[str, int]:
    """Return customers by cause, the most frequent first."""
    causes: Counter[str] = Counter()
    for move in moves:
        causes[move.cause] += move.customers
    return dict(causes.most_common())
