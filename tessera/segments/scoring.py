"""From the customer summary to scores, clusters and segments."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, Self

import numpy as np

from tessera.customers.clusters.model import ClusterModel
from tessera.customers.measures import Measures, guidance_measures, order_measures
from tessera.customers.money import Ints
from tessera.customers.score_bins import Edges, MeasureBlocks, rfm_edges
from tessera.customers.scores import ScoreColumns, scores_by
from tessera.segments.assignment import Codes, segment_codes
from tessera.segments.definition import GUIDANCE, Definition
from tessera.segments.groups import CustomerValues, Sliced

_BLOCK = 1 << 16  # customers that are read at a time


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


ColumnBlocks = Callable[[], Iterable[CustomerColumns]]  # everybody, some after the others


class ColumnsInParts(Protocol):
    """Customers' columns, in memory or read where some are taken."""

    def __len__(self) -> int:
        """Return how many customers they are."""
        ...

    def take(self, rows: slice, /) -> CustomerColumns:
        """Return some customers."""
        ...


class ScoredInParts(Protocol):
    """Scored customers, in memory or read where some are taken."""

    @property
    def definition(self) -> Definition:
        """By which they were scored."""
        ...

    @property
    def codes(self) -> Sliced:
        """The position of each customer's segment in ``definition.everyone``."""
        ...

    def __len__(self) -> int:
        """Return how many customers they are."""
        ...

    def take(self, rows: slice, /) -> Scored:
        """Return some customers."""
        ...


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
    scores: ScoreColumns
    clusters: Codes
    codes: Codes

    def __len__(self) -> int:
        """Return how many customers they are."""
        return len(self.codes)

    def take(self, rows: slice) -> Scored:
        """Return some customers."""
        return Scored(
            definition=self.definition,
            scores=self.scores.take(rows),
            clusters=self.clusters[rows],
            codes=self.codes[rows],
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScoringRule:
    """What scoring needs to know of all customers: with it each is scored alone.

    Parameters
    ----------
    definition
        Gives the scale, the measures and the segments.
    edges
        The values between the bins of each measure.
    latest_event_us
        The latest event of all.
    model
        The clusters.
    """

    definition: Definition
    edges: Edges
    latest_event_us: int
    model: ClusterModel

    @classmethod
    def learnt(
        cls, customers: ColumnsInParts, *, definition: Definition, model: ClusterModel
    ) -> Self:
        """Return the rule for all customers."""
        latest_event_us = latest_event(lambda: blocks_of(customers))
        measures = measures_in(
            lambda: blocks_of(customers), definition=definition, latest_event_us=latest_event_us
        )
        return cls(
            definition=definition,
            edges=rfm_edges(measures, scale=definition.scale, thresholds=definition.thresholds),
            latest_event_us=latest_event_us,
            model=model,
        )

    def measures(self, customers: CustomerColumns) -> Measures:
        """Return what is scored of some customers."""
        return measures_of(
            customers, definition=self.definition, latest_event_us=self.latest_event_us
        )

    def score(self, customers: CustomerColumns) -> Scored:
        """Give some customers scores, a cluster and a segment, where there are any."""
        definition = self.definition
        scores = scores_by(self.edges, self.measures(customers), scale=definition.scale)
        return Scored(
            definition=definition,
            scores=scores,
            clusters=_clusters(customers, self.model),
            codes=segment_codes(scores.cells(), definition=definition),
        )


def blocks_of(customers: ColumnsInParts) -> Iterator[CustomerColumns]:
    """Yield all customers, some after the others."""
    return (customers.take(rows) for rows in row_blocks(len(customers)))


def row_blocks(customers: int) -> Iterator[slice]:
    """Yield the rows of so many customers, as they are read: at least one slice."""
    return (slice(start, start + _BLOCK) for start in range(0, max(customers, 1), _BLOCK))


def latest_event(blocks: ColumnBlocks) -> int:
    """Return the latest event of all, in microseconds since 1970 UTC."""
    return max((int(some.last_event_us.max(initial=0)) for some in blocks()), default=0)


def measures_in(
    blocks: ColumnBlocks, *, definition: Definition, latest_event_us: int
) -> MeasureBlocks:
    """Return ``measures_of`` all customers, some after the others."""
    return lambda: (
        measures_of(some, definition=definition, latest_event_us=latest_event_us)
        for some in blocks()
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
    clusters, bought = np.zeros(len(customers), np.int16), customers.orders > 0
    if model.k:
        clusters[bought] = model.predict(
            recency_days=customers.recency_days[bought],
            frequency=customers.orders[bought],
            monetary=customers.monetary[bought],
        )
    return clusters
