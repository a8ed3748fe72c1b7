"""summary.json: a run in numbers, for programs. FinishRun writes it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from tessera.records.customer_totals import CustomerTotals
from tessera.records.fields import Milliseconds
from tessera.records.loads.load_report import LoadReport
from tessera.records.run_of_day import RunOfDay
from tessera.records.runs.arrivals import Arrival, SourceHealth
from tessera.records.runs.prepare import History, Outcome, Rows, Source
from tessera.records.runs.trend import TrendPoint
from tessera.records.scoring.forecast_models import ForecastModels, TotalRange
from tessera.records.scoring.movement import Breaker, MovementSummary
from tessera.records.scoring.score import ClusterRow, SegmentRow
from tessera.records.scoring.sets import SetRecord, Value


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunTimings:
    """How long a run took.

    Parameters
    ----------
    prepare, score
        Seconds by stage of these two steps.
    total_s
        From its ticket to its end.
    """

    prepare: Mapping[str, float]
    score: Mapping[str, float]
    total_s: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunSummary(CustomerTotals, RunOfDay):
    """A finished run in numbers. It has no customer data.

    Parameters
    ----------
    version
        The version of Tessera that wrote it.
    tenant, run_id, as_of
        Which run, and the day that it describes.
    upload, reupload
        The upload's key or folder, and what storing it came to. None for a scheduled run.
    source
        As what the upload was read.
    rows, history
        The upload's rows, and all events of the tenant.
    currency
        ISO 4217 code, or empty when the data has none.
    repeat_buyers, median_days_to_second_order
        As in prepare.json.
    segments, clusters
        In numbers, in the definition's order, and best first.
    sets
        The segment sets, by name.
    models, value, totals
        The forecast models without what was learnt, what customers are worth, and all customers'
        forecasts together, each with its range.
    previous, movement, breaker
        The run that this one is compared with, who moved, and whether activation waited.
    trend
        This run and the runs before it, one per day, the oldest first.
    arrivals, sources
        What came of each source, the oldest first, and each source against its own history.
    destinations
        Each destination's report.
    warnings
        What the owner should know, a sentence each.
    timings
        How long the run took.
    started_at, finished_at
        When it began and ended.
    """

    version: str
    tenant: str
    upload: str | None
    reupload: Outcome | None
    source: Source = dataclasses.field(default_factory=Source)
    rows: Rows
    history: History
    currency: str
    repeat_buyers: int | None = None
    median_days_to_second_order: float | None = None
    segments: tuple[SegmentRow, ...]
    clusters: tuple[ClusterRow, ...]
    sets: Mapping[str, SetRecord] = dataclasses.field(default_factory=dict)
    models: ForecastModels | None = None
    value: Value | None = None
    totals: Mapping[str, TotalRange] = dataclasses.field(default_factory=dict)
    previous: RunOfDay | None = None
    movement: MovementSummary | None = None
    breaker: Breaker | None = None
    trend: tuple[TrendPoint, ...] = ()
    arrivals: Mapping[str, tuple[Arrival, ...]] = dataclasses.field(default_factory=dict)
    sources: tuple[SourceHealth, ...] = ()
    destinations: tuple[LoadReport, ...]
    warnings: tuple[str, ...]
    timings: RunTimings
    started_at: Milliseconds
    finished_at: Milliseconds
