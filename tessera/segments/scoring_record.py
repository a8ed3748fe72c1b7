"""How customers were scored, in numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tessera.customers.clusters.model import ClusterModel
from tessera.customers.score_bins import rfm_bins, warnings_of
from tessera.customers.units import MEASURES, UNITS
from tessera.records.scoring.score import Scoring
from tessera.segments.scoring import (
    ColumnsInParts,
    CustomerColumns,
    Scored,
    ScoredInParts,
    ScoringRule,
    blocks_of,
    row_blocks,
)
from tessera.segments.statistics import (
    cluster_statistics,
    grid_statistics,
    segment_statistics,
    total_statistics,
)


def score_record(customers: ColumnsInParts, scored: ScoredInParts, *, rule: ScoringRule) -> Scoring:
    """Return the scoring in numbers. The same for the same customers.

    Parameters
    ----------
    customers, scored
        All customers, and what the rule made of them.
    rule
        By which they were scored.
    """
    definition, scale = rule.definition, rule.definition.scale
    bins = rfm_bins(
        lambda: (rule.measures(some) for some in blocks_of(customers)),
        rule.edges,
        sizes=_sizes(scored, scale=scale),
    )

    def blocks() -> Iterator[tuple[CustomerColumns, Scored]]:
        return ((customers.take(rows), scored.take(rows)) for rows in row_blocks(len(customers)))

    return Scoring(
        preset=definition.name,
        meaning=definition.meaning,
        measures=definition.measures,
        scale=scale,
        thresholds={
            name: tuple(round(float(edge / UNITS[name]), 6) for edge in bins[name].thresholds)
            for name in MEASURES
        },
        bins={name: bins[name].sizes for name in MEASURES},
        warnings=(*warnings_of(bins), *_cluster_warnings(rule.model)),
        segments=segment_statistics(
            lambda: ((some, made.codes) for some, made in blocks()), definition=definition
        ),
        clusters=cluster_statistics(
            ((some, made.clusters) for some, made in blocks()), model=rule.model
        ),
        grid=grid_statistics(
            ((some, made.scores.recency, made.scores.frequency) for some, made in blocks()),
            scale=scale,
        ),
        **vars(total_statistics(blocks_of(customers))),
    )


def _sizes(scored: ScoredInParts, *, scale: int) -> dict[str, list[int]]:
    """Return how many customers have each score, by measure."""
    sizes = {name: np.zeros(scale + 1, np.int64) for name in MEASURES}
    for rows in row_blocks(len(scored)):
        scores = scored.take(rows).scores
        for name in MEASURES:
            sizes[name] += np.bincount(getattr(scores, name), minlength=scale + 1)
    return {name: counts[1:].tolist() for name, counts in sizes.items()}


def _cluster_warnings(model: ClusterModel) -> list[str]:
    return [f"clusters: {model.note}"] if model.chosen == "limited" else []
