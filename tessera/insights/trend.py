"""How a tenant's customers develop from run to run."""

from __future__ import annotations

from collections.abc import Iterable

from tessera.records.score import SegmentRow
from tessera.records.trend import EarlierSummary, SegmentSize, TrendPoint

MOST = 24  # points: two years of monthly runs


def extended(earlier: Iterable[TrendPoint], present: TrendPoint) -> tuple[TrendPoint, ...]:
    """Return a trend with a further point: one per day, the oldest first, at most ``MOST``.

    A run that describes an earlier day than the runs before it replaces what came after that day.
    """
    before = [point for point in earlier if point.as_of < present.as_of]
    return (*before, present)[-MOST:]


def trend_until(summary: EarlierSummary) -> tuple[TrendPoint, ...]:
    """Return the trend that a run's summary keeps. A summary of an earlier version is one point."""
    return summary.trend or (
        TrendPoint(
            run_id=summary.run_id,
            as_of=summary.as_of,
            customers=summary.customers,
            buyers=summary.buyers,
            orders=summary.orders,
            monetary=summary.monetary,
            segments=by_label(summary.segments),
        ),
    )


def by_label(segments: Iterable[SegmentRow | SegmentSize]) -> dict[str, int]:
    """Return customers by segment label."""
    return {row.label: row.customers for row in segments}
