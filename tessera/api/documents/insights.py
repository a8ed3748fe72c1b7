"""Parts of a run's insights.json, each with the run that it is of."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from tessera.records.insights.groups import GroupSet, LabelledGroup, SegmentFlow
from tessera.records.insights.insights import ForecastQuantity
from tessera.records.loads.load_report import LoadReport
from tessera.records.products import Products
from tessera.records.run_of_day import RunOfDay
from tessera.records.runs.arrivals import SourceHealth
from tessera.records.runs.prepare import Cohort
from tessera.records.runs.trend import TrendPoint
from tessera.records.scoring.forecast_models import ForecastModels
from tessera.records.scoring.movement import Movement
from tessera.records.scoring.recommending import NextProducts
from tessera.records.scoring.retention import RetentionRecord


@dataclasses.dataclass(frozen=True, kw_only=True)
class SegmentStatistics(RunOfDay):
    """The groups of one segment set in numbers.

    Parameters
    ----------
    currency
        ISO 4217 code of all money, or empty when the data has none.
    set, meaning
        The segment set, and what it is about.
    customers
        All customers of the run. The groups' ``uuids`` add up to it.
    groups
        In the set's order, empty ones included.
    """

    currency: str
    set: str
    meaning: str
    customers: int
    groups: tuple[LabelledGroup, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class SegmentList(RunOfDay):
    """Every segment set of a run with its groups.

    Parameters
    ----------
    sets
        By name, the segment definition's own (``rfm``) first.
    """

    sets: Mapping[str, GroupSet]


@dataclasses.dataclass(frozen=True, kw_only=True)
class TransitionList(RunOfDay):
    """Who moved since the previous run, and why.

    Parameters
    ----------
    set
        The segment set.
    previous
        The run before. None for a first run.
    movement
        The moves, by labels and cause. None without an earlier run that has the set.
    flows
        The same by segment. Empty without an earlier run that has the set.
    """

    set: str
    previous: RunOfDay | None
    movement: Movement | None
    flows: tuple[SegmentFlow, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class CohortList(RunOfDay):
    """Who comes back how much later.

    Parameters
    ----------
    currency
        ISO 4217 code of all money, or empty when the data has none.
    cohorts
        Of a month's new buyers, who bought again.
    retention
        How long subscribers stay. None without subscriptions.
    """

    currency: str
    cohorts: tuple[Cohort, ...]
    retention: RetentionRecord | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ForecastReport(RunOfDay):
    """How far the forecasts can be trusted.

    Parameters
    ----------
    text
        The answer in a few sentences. Empty without models.
    forecasts
        Each quantity, and what is published of it.
    models
        The forecast models with their report card. None without any.
    """

    text: str
    forecasts: tuple[ForecastQuantity, ...]
    models: ForecastModels | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class TrendLine(RunOfDay):
    """Sizes and money over runs.

    Parameters
    ----------
    currency
        ISO 4217 code of all money, or empty when the data has none.
    points
        This run and the runs before it, one per day, the oldest first.
    """

    currency: str
    points: tuple[TrendPoint, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class DestinationList(RunOfDay):
    """What each destination of a run was sent, and what it holds."""

    items: tuple[LoadReport, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProductList(RunOfDay):
    """What customers buy, where the data has products.

    Parameters
    ----------
    currency
        ISO 4217 code of all money, or empty when the data has none.
    reason
        Why there are no products, as a sentence. None where there are.
    products
        Their figures. None without any.
    next_products
        What customers are likely to buy next, and what is bought together. None without any, and in
        runs of versions before it.
    """

    currency: str
    reason: str | None
    products: Products | None
    next_products: NextProducts | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class SourceList(RunOfDay):
    """The sources of uploads, each against its own history.

    Parameters
    ----------
    items
        By name.
    """

    items: tuple[SourceHealth, ...]
