"""From the customer summary to scores, clusters and segments, and the record of how."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Self

import numpy as np

from tessera.customers.clusters.model import ClusterModel
from tessera.customers.measures import Measures, guidance_measures, order_measures
from tessera.customers.money import Ints
from tessera.customers.scores import RfmScores, rfm_scores
from tessera.customers.units import MEASURES, UNITS
from tessera.records.scoring.score import Scoring
from tessera.segments.assignment import Codes, segment_codes
from tessera.segments.definition import GUIDANCE, Definition
from tessera.segments.groups import CustomerValues
from tessera.segments.statistics import (
    cluster_statistics,
    grid_statistics,
    segment_statistics,
    total_statistics,
)

_BLOCK = 1 << 18  # customers whose clusters are predicted at a time


@dataclasses.dataclass(frozen=True, kw_only=True)
class CustomerColumns(CustomerValues):
    """The columns of the customer summary that scoring needs, shape (n,) each.

    Parameters
    ----------
    last_event_us
        The last event of any kind, in microseconds since 1970 UTC.
    events
        Events of any kind.
    """

    last_event_us: Ints
    events: Ints

    def take(self, rows: slice) -> CustomerColumns:
        """Return some customers."""
        return CustomerColumns(**{name: values[rows] for name, values in vars(self).items()})

    @classmethod
    def joined(cls, parts: Iterable[CustomerColumns]) -> Self:
        """Return all customers from some after the others, at least one part."""
        rows = [vars(part) for part in parts]
        return cls(**{name: np.concatenate([row[name] for row in rows]) for name in rows[0]})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scored:
    """What scoring found for each customer, shape (n,) each.

    Parameters
    ----------
    scores
        Of those who have measures.
    clusters
        The rank of each buyer's cluster, 0 for customers without a purchase.
    codes
        The position of each customer's segment in ``definition.everyone``.
    """

    definition: Definition
    scores: RfmScores
    clusters: Codes
    codes: Codes

    def take(self, rows: slice) -> Scored:
        """Return some customers."""
        return Scored(
            definition=self.definition,
            scores=self.scores.take(rows),
            clusters=self.clusters[rows],
            codes=self.codes[rows],
        )


def score_customers(
    customers: CustomerColumns, *, definition: Definition, model: ClusterModel
) -> Scored:
    """Give every customer scores, a cluster and a segment, where there are any."""
    scores = rfm_scores(
        measures_of(
            customers,
            definition=definition,
            latest_event_us=int(customers.last_event_us.max(initial=0)),
        ),
        scale=definition.scale,
        thresholds=definition.thresholds,
    )
    return Scored(
        definition=definition,
        scores=scores,
        clusters=_clusters(customers, model),
        codes=segment_codes(scores.cells(), definition=definition),
    )


def score_record(customers: CustomerColumns, scored: Scored, *, model: ClusterModel) -> Scoring:
    """Return the scoring in numbers. The same for the same customers."""
    definition, scores = scored.definition, scored.scores
    return Scoring(
        preset=definition.name,
        meaning=definition.meaning,
        measures=definition.measures,
        scale=definition.scale,
        thresholds={
            name: tuple(
                round(float(edge / UNITS[name]), 6) for edge in scores.bins[name].thresholds
            )
            for name in MEASURES
        },
        bins={name: tuple(scores.bins[name].sizes) for name in MEASURES},
        warnings=(*scores.warnings, *_cluster_warnings(model)),
        segments=segment_statistics(customers, codes=scored.codes, definition=definition),
        clusters=cluster_statistics(customers, clusters=scored.clusters, model=model),
        grid=grid_statistics(
            customers,
            recency=scores.recency,
            frequency=scores.frequency,
            scale=definition.scale,
        ),
        **vars(total_statistics(customers)),
    )


def measures_of(
    customers: CustomerColumns, *, definition: Definition, latest_event_us: int
) -> Measures:
    """Return what a definition scores.

    Parameters
    ----------
    latest_event_us
        The latest event of all, which the AWS guidance looks back from. No other reads it.
    """
    if definition.measures != GUIDANCE:
        return order_measures(
            recency_days=customers.recency_days,
            orders=customers.orders,
            monetary=customers.monetary,
        )
    return guidance_measures(
        last_event_us=customers.last_event_us,
        latest_event_us=latest_event_us,
        events=customers.events,
        monetary=customers.monetary,
    )


def _clusters(customers: CustomerColumns, model: ClusterModel) -> Codes:
    clusters = np.zeros(len(customers.orders), np.int16)
    for start in range(0, len(clusters) if model.k else 0, _BLOCK):
        rows = slice(start, start + _BLOCK)
        some, bought = customers.take(rows), customers.orders[rows] > 0
        clusters[rows][bought] = model.predict(
            recency_days=some.recency_days[bought],
            frequency=some.orders[bought],
            monetary=some.monetary[bought],
        )
    return clusters


def _cluster_warnings(model: ClusterModel) -> list[str]:
    return [f"clusters: {model.note}"] if model.chosen == "limited" else []
