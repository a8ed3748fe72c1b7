"""How a tenant's customers develop from run to run."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable

from tessera.records.customer_totals import CustomerTotals
from tessera.records.runs.run import RunRecords
from tessera.records.runs.trend import EarlierSummary, GroupSize, SegmentSize, TrendPoint
from tessera.records.scoring.score import SegmentRow

MOST = 24  # points: two years of monthly runs


def trend_of(records: RunRecords) -> tuple[TrendPoint, ...]:
    """Return the trend with this run as its last point."""
    score = records.score
    present = dataclasses.replace(
        _point(score, score.segments, run_id=records.run_id, as_of=records.as_of),
        groups={
            name: {row.group: GroupSize(customers=row.uuids, monetary=row.monetary) for row in rows}
            for name, rows in score.groups.items()
        },
    )
    return extended(records.earlier, present)


def extended(earlier: Iterable[TrendPoint], present: TrendPoint) -> tuple[TrendPoint, ...]:
    """Return a trend with a further point: one per day, the oldest first, at most ``MOST``.

    A run that describes an earlier day than the runs before it replaces what came after that day.
    """
    before = [point for point in earlier if point.as_of < present.as_of]
    return (*before, present)[-MOST:]


def trend_until(summary: EarlierSummary) -> tuple[TrendPoint, ...]:
    """Return the trend that a run's summary keeps. A summary of an earlier version is one point."""
    return summary.trend or (
        _point(summary, summary.segments, run_id=summary.run_id, as_of=summary.as_of),
    )


def _point(
    totals: CustomerTotals,
    segments: Iterable[SegmentRow | SegmentSize],
    *,
    run_id: str,
    as_of: dt.date,
) -> TrendPoint:
    return TrendPoint(
        run_id=run_id,
        as_of=as_of,
        customers=totals.customers,
        buyers=totals.buyers,
        orders=totals.orders,
        monetary=totals.monetary,
        segments=by_label(segments),
    )


def by_label(segments: Iterable[SegmentRow | SegmentSize]) -> dict[str, int]:
    """Return customers by segment label."""
    return {row.label: row.customers for row in segments}
