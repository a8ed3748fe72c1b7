"""score.json: what Score computed, in numbers. The customers themselves are in Parquet files."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

from tessera.records.customer_totals import CustomerTotals
from tessera.records.file import File
from tessera.records.run_of_day import RunOfDay
from tessera.records.scoring.churn import ChurnRecord
from tessera.records.scoring.forecast_models import ForecastModels, TotalRange
from tessera.records.scoring.groups import GroupStatistics
from tessera.records.scoring.movement import Breaker, Movement
from tessera.records.scoring.recommending import NextProducts
from tessera.records.scoring.retention import RetentionRecord
from tessera.records.scoring.sets import SetRecord, Value


@dataclasses.dataclass(frozen=True, kw_only=True)
class CustomerGroup:
    """A group of customers in numbers. Recency and frequency are about its buyers.

    Parameters
    ----------
    customers, share
        How many, and which share of all customers.
    monetary, monetary_share
        Their net money as text, and which share of all.
    mean_recency_days, mean_frequency
        Of its buyers. None without any.
    mean_order_value
        As text. None without an order.
    """

    customers: int
    share: float
    monetary: str
    monetary_share: float
    mean_recency_days: float | None
    mean_frequency: float | None
    mean_order_value: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class SegmentRow(CustomerGroup):
    """A segment in numbers.

    Parameters
    ----------
    label, meaning, action
        Its name, who is in it, and what to do with them.
    median_recency_days
        Of its buyers. None without any.
    """

    label: str
    meaning: str
    action: str
    median_recency_days: float | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClusterRow(CustomerGroup):
    """A K-Means cluster in numbers.

    Parameters
    ----------
    rank, label, name
        Its place by value, 1 being the best, its label, and a description in words.
    centre
        Its centre in scaled units: recency, frequency, monetary.
    typical
        The same in days, orders and money.
    """

    rank: int
    label: str
    name: str
    centre: tuple[float, ...]
    typical: Mapping[str, float]


@dataclasses.dataclass(frozen=True, kw_only=True)
class GridCell:
    """The customers of one recency score and one frequency score.

    Parameters
    ----------
    customers
        How many.
    monetary
        Their net money, as text.
    """

    customers: int
    monetary: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ModelReference:
    """The cluster model that was used.

    Parameters
    ----------
    sha256
        Of model.json.
    note, chosen
        How many clusters, and why.
    """

    sha256: str
    note: str
    chosen: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scoring(CustomerTotals):
    """How customers were scored, and what segments and clusters amount to.

    Parameters
    ----------
    preset, meaning, measures, scale
        The segment definition: its name, what it is about, what it scores, and the best score.
    thresholds
        By measure, the values between its scores, in days, orders and money.
    bins
        By measure, how many customers have each score.
    warnings
        What the owner should know, a sentence each.
    segments, clusters
        In numbers, in the definition's order, and best first.
    grid
        By recency score, then by frequency score, from 1 each.
    """

    preset: str
    meaning: str = ""
    measures: str
    scale: int
    thresholds: Mapping[str, tuple[float, ...]]
    bins: Mapping[str, tuple[int, ...]]
    warnings: tuple[str, ...]
    segments: tuple[SegmentRow, ...]
    clusters: tuple[ClusterRow, ...]
    grid: tuple[tuple[GridCell, ...], ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScoreRecord(Scoring):
    """What Score computed.

    Parameters
    ----------
    as_of
        The day that the profiles describe.
    model
        The cluster model.
    models
        The forecast models. None in records of versions before them.
    churn, retention
        The models of cancellations: by attributes, and by how long customers have subscribed.
        None where there is nothing to learn from.
    sets
        The segment sets, by name.
    groups
        The groups of each of them, and of the segment definition's own set, in numbers. Empty in
        records of versions before it.
    value
        What customers are worth.
    totals
        All customers' forecasts together, each with its range: ``orders`` and ``money`` of a year,
        and ``clv`` over the horizon that was asked for. Without what is withheld.
    products
        What customers buy, and are likely to buy next. None where no upload names products.
    previous
        The run that this one is compared with.
    movement
        Who moved between the two. None without an earlier run.
    set_movements
        The same in each other segment set that both runs have. Empty in records of versions
        before it.
    breaker
        Whether activation waits for an approval.
    inputs, outputs
        The files read and written.
    timings
        Seconds by stage.
    """

    as_of: dt.date
    model: ModelReference
    models: ForecastModels | None = None
    churn: ChurnRecord | None = None
    retention: RetentionRecord | None = None
    sets: Mapping[str, SetRecord] = dataclasses.field(default_factory=dict)
    groups: Mapping[str, tuple[GroupStatistics, ...]] = dataclasses.field(default_factory=dict)
    value: Value | None = None
    totals: Mapping[str, TotalRange] = dataclasses.field(default_factory=dict)
    products: NextProducts | None = None
    previous: RunOfDay | None = None
    movement: Movement | None = None
    set_movements: Mapping[str, Movement] = dataclasses.field(default_factory=dict)
    breaker: Breaker | None = None
    inputs: tuple[File, ...]
    outputs: tuple[File, ...]
    timings: Mapping[str, float] = dataclasses.field(metadata={"unit": "s"})
