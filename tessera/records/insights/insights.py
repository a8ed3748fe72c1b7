"""insights.json: a finished run for the API and the console. FinishRun writes it.

It has counts, sums and texts, and no customer. The customers are in the profiles.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Literal

from tessera.records.customer_totals import CustomerTotals
from tessera.records.fields import Milliseconds
from tessera.records.insights.groups import GroupSet, SegmentFlow
from tessera.records.loads.load import SegmentReach
from tessera.records.loads.load_report import LoadReport
from tessera.records.products import Products
from tessera.records.run_cost import RunCost
from tessera.records.run_of_day import RunOfDay
from tessera.records.runs.arrivals import SourceHealth
from tessera.records.runs.prepare import Cohort
from tessera.records.runs.trend import TrendPoint
from tessera.records.scoring.churn import ChurnRecord
from tessera.records.scoring.forecast_models import ForecastModels, TotalRange
from tessera.records.scoring.movement import Breaker, Movement
from tessera.records.scoring.recommending import NextProducts
from tessera.records.scoring.report_card import Verdict
from tessera.records.scoring.retention import RetentionRecord
from tessera.records.scoring.score import ClusterRow, GridCell
from tessera.records.scoring.sets import Value


@dataclasses.dataclass(frozen=True, kw_only=True)
class Overview(CustomerTotals):
    """All customers in numbers.

    Parameters
    ----------
    customers, buyers, orders
        How many.
    monetary
        Net money of all, as text.
    orders_per_buyer
        None without a buyer.
    average_order_value
        Net money of an order, as text. None without an order.
    repeat_buyers, repeat_rate
        Buyers with two orders or more, and their share of all buyers. None where a version did
        not count them.
    median_days_to_second_order
        From the first day with an order to the next. None where nobody ordered on a second day.
    """

    orders_per_buyer: float | None
    average_order_value: str | None
    repeat_buyers: int | None
    repeat_rate: float | None
    median_days_to_second_order: float | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScoreGrid:
    """Customers and money by recency score and frequency score.

    Parameters
    ----------
    preset, meaning, measures, scale
        The segment definition: its name, what it is about, what it scores, and the best score.
    thresholds
        By measure, the values between its scores, in days, orders and money.
    bins
        By measure, how many customers have each score.
    cells
        By recency score, then by frequency score, from 1 each.
    """

    preset: str
    meaning: str
    measures: str
    scale: int
    thresholds: Mapping[str, tuple[float, ...]]
    bins: Mapping[str, tuple[int, ...]]
    cells: tuple[tuple[GridCell, ...], ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ForecastQuantity:
    """One quantity that is forecast, and what is published of it.

    Parameters
    ----------
    name
        ``orders``, ``no_order_30d`` and the like, ``money``, or ``cancel_30d``.
    title
        In words.
    columns
        The columns of the profiles that it fills, in figures.
    verdict
        What is published of it, and why.
    totals
        By column: of all customers together, with its 80 % range. Empty for a chance, and where it
        is not published in figures.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    verdict: Verdict
    totals: Mapping[str, TotalRange] = dataclasses.field(default_factory=dict)


AlertKind = Literal[
    "run_waited", "destination_failed", "destination_held", "segment_lost", "segment_won"
]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Alert:
    """Something that changed and is worth a look.

    Parameters
    ----------
    kind
        What kind of change.
    about
        The segment or destination. Empty for the run itself.
    text
        A few sentences for people.
    """

    kind: AlertKind
    about: str
    text: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Insights(RunOfDay):
    """A finished run for the API and the console.

    Parameters
    ----------
    version
        The version of Tessera that wrote it.
    tenant, run_id, as_of
        Which run, and the day that it describes.
    upload
        The upload's key or folder. None for a scheduled run.
    started_at, finished_at
        When it began and ended.
    currency
        ISO 4217 code, or empty when the data has none.
    overview
        All customers in numbers.
    sets
        The segment sets by name, the segment definition's own (``rfm``) first.
    grid
        Customers and money by recency and frequency score.
    clusters
        The K-Means clusters, the most valuable first.
    forecasts
        Each quantity, and what is published of it.
    forecast_text
        The forecasts in a few sentences. Empty without models.
    models
        The forecast models with their report card, without what was learnt. None without any.
    value
        The distribution of lifetime values, and value against risk. None where a version did not
        compute them.
    cohorts
        Of a month's new buyers, who bought again how much later.
    products
        What customers buy. None where no upload names products.
    next_products
        What they are likely to buy next, and what is bought together. None where no upload names
        products, or a version did not compute it.
    retention, churn
        How long subscribers stay, and who cancels by attributes: the models and their tests. None
        without subscriptions, and without attribute files.
    previous
        The run that this one is compared with.
    movement
        Who moved between the two, by cause. None without an earlier run.
    flows
        The same by segment: who came, who went, and why. Empty without an earlier run.
    set_movements, set_flows
        Both in each other segment set that both runs have. Empty where a version did not compute
        them.
    breaker
        Whether activation waited for an approval. None in records of versions before it.
    alerts
        What is worth a look, most important first.
    trend
        This run and the runs before it, one per day, the oldest first.
    profiles
        The prefix of the profiles in the data bucket: Parquet files in the order of customer_key.
    destinations
        What each destination was sent, and what it has.
    reach
        By segment, how many customers can be contacted. Empty where nothing was mapped.
    expected_cost
        What a run of this size is expected to cost at list prices. None in a region without a
        price list.
    cost
        What its jobs cost by the seconds that they ran. None where they are not known.
    sources
        Each source of uploads against its own history. Empty where a version did not judge them.
    warnings
        What the owner should know, a sentence each.
    """

    version: str
    tenant: str
    upload: str | None
    started_at: Milliseconds
    finished_at: Milliseconds
    currency: str
    overview: Overview
    sets: Mapping[str, GroupSet]
    grid: ScoreGrid
    clusters: tuple[ClusterRow, ...]
    forecasts: tuple[ForecastQuantity, ...]
    forecast_text: str
    models: ForecastModels | None
    value: Value | None
    cohorts: tuple[Cohort, ...]
    products: Products | None = None
    next_products: NextProducts | None = None
    retention: RetentionRecord | None
    churn: ChurnRecord | None = None
    previous: RunOfDay | None
    movement: Movement | None
    flows: tuple[SegmentFlow, ...]
    set_movements: Mapping[str, Movement] = dataclasses.field(default_factory=dict)
    set_flows: Mapping[str, tuple[SegmentFlow, ...]] = dataclasses.field(default_factory=dict)
    breaker: Breaker | None
    alerts: tuple[Alert, ...]
    trend: tuple[TrendPoint, ...]
    profiles: str
    destinations: tuple[LoadReport, ...]
    reach: Mapping[str, SegmentReach]
    expected_cost: RunCost | None = None
    cost: RunCost | None
    sources: tuple[SourceHealth, ...] = ()
    warnings: tuple[str, ...]
