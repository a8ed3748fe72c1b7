"""RFM scores: which of ``scale`` bins of equal size a value falls into, 1 to ``scale``.

The bins end at *values*, the type-7 quantiles (R's, NumPy's and pandas' default), so that equal
customers always share a score. A value equal to a threshold stays in the lower bin. High is best:
the most recent customers have the highest recency score.

Everything is integer arithmetic. A quantile between two integers is kept as a fraction and
compared through its floor, so no score hangs on the last bit of a float.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from tessera.customers.measures import Measures
from tessera.customers.money import Ints
from tessera.customers.order_statistics import OrderStatistics
from tessera.customers.score_bins import (
    Bins,
    Edges,
    Threshold,
    edges_of,
    empty_bins,
    rfm_bins,
    rfm_edges,
    warnings_of,
)
from tessera.customers.units import MEASURES

Scores = npt.NDArray[np.int8]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScoreColumns:
    """Scores of some customers, shape (n,) each, 0 for those who have none."""

    recency: Scores
    frequency: Scores
    monetary: Scores

    def cells(self) -> npt.NDArray[np.int16]:
        """Return the three digits as one number, such as 543. 0 without scores."""
        recency, frequency = self.recency.astype(np.int16), self.frequency.astype(np.int16)
        return 100 * recency + 10 * frequency + self.monetary

    def take(self, rows: slice) -> ScoreColumns:
        """Return some of the customers."""
        return ScoreColumns(**{name: getattr(self, name)[rows] for name in MEASURES})


@dataclasses.dataclass(frozen=True, kw_only=True)
class RfmScores(ScoreColumns):
    """Scores of all customers, and everybody's bins."""

    bins: Mapping[str, Bins]

    @property
    def warnings(self) -> tuple[str, ...]:
        """All bins' warnings, recency first. One alone when there is nobody to score."""
        return warnings_of(self.bins)


def rfm_scores(measures: Measures, *, scale: int, thresholds: Edges | None = None) -> RfmScores:
    """Score all customers that have measures.

    Parameters
    ----------
    measures
        The three values, and which customers to score.
    scale
        The best score, 2 to 9.
    thresholds
        By measure, ``scale - 1`` ascending values in the measure's integer unit (days, orders,
        minor units) to use in place of quantiles.
    """
    edges = rfm_edges(lambda: (measures,), scale=scale, thresholds=thresholds)
    scores = scores_by(edges, measures, scale=scale)
    sizes = {name: _sizes(getattr(scores, name), scale=scale) for name in MEASURES}
    return RfmScores(**vars(scores), bins=rfm_bins(lambda: (measures,), edges, sizes=sizes))


def scores_by(edges: Edges, measures: Measures, *, scale: int) -> ScoreColumns:
    """Return some customers' scores by everybody's edges."""
    columns = {}
    for name in MEASURES:
        values = getattr(measures, name)[measures.scored]
        columns[name] = np.zeros(len(measures.scored), np.int8)
        columns[name][measures.scored] = _scores(
            values, edges[name], scale=scale, low_is_best=name == "recency"
        )
    return ScoreColumns(**columns)


def bin_scores(
    values: Ints,
    *,
    name: str,
    scale: int,
    low_is_best: bool = False,
    thresholds: Sequence[Threshold] | None = None,
) -> tuple[Scores, Bins]:
    """Score one measure.

    Parameters
    ----------
    values
        Shape (n,), integers.
    name
        The measure's name, for warnings.
    scale
        The best score.
    low_is_best
        Whether the lowest bin gets the highest score.
    thresholds
        ``scale - 1`` ascending values. By default the quantiles of ``values``.

    Returns
    -------
    Scores, Bins
        Scores have shape (n,), each from 1 to ``scale``.

    Raises
    ------
    InvalidInput
        The scale has more than one digit, or thresholds are too few, too many or not ascending.
    """
    edges = edges_of(
        OrderStatistics(lambda: (values,)), name=name, scale=scale, thresholds=thresholds
    )
    scores = _scores(values, edges, scale=scale, low_is_best=low_is_best)
    sizes = _sizes(scores, scale=scale)
    warnings = empty_bins((values,), sizes, name=name)
    return scores, Bins(thresholds=edges, sizes=sizes, warnings=warnings)


def _scores(values: Ints, edges: Sequence[Threshold], *, scale: int, low_is_best: bool) -> Scores:
    floors = np.array([edge.__floor__() for edge in edges], np.int64)
    above = np.searchsorted(floors, values, side="left").astype(np.int8)
    scores: Scores = (scale - above if low_is_best else above + 1).astype(np.int8)
    return scores


def _sizes(scores: Scores, *, scale: int) -> tuple[int, ...]:
    """Return how many have the score 1, 2, … ``scale``."""
    return tuple(np.bincount(scores, minlength=scale + 1)[1:].tolist())
