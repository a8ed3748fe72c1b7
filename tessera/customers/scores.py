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
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from tessera.customers.measures import Measures
from tessera.customers.money import Ints
from tessera.customers.units import MEASURES, UNITS
from tessera.errors import InvalidInput

Scores = npt.NDArray[np.int8]
Threshold = Fraction | int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Bins:
    """One measure cut into bins.

    Parameters
    ----------
    thresholds
        The ``scale - 1`` values between the bins, in the measure's own integer unit.
    sizes
        How many customers got the score 1, 2, … ``scale``.
    warnings
        Sentences about scores that nobody got, each with its reason.
    """

    thresholds: tuple[Threshold, ...]
    sizes: tuple[int, ...]
    warnings: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class RfmScores:
    """Scores of every customer, shape (n,) each, 0 for those who have none."""

    recency: Scores
    frequency: Scores
    monetary: Scores
    bins: Mapping[str, Bins]

    @property
    def warnings(self) -> tuple[str, ...]:
        """All bins' warnings, recency first. One alone when there is nobody to score."""
        if not self.recency.any():
            return ("nobody has bought anything yet: there are no scores",)
        return tuple(text for name in MEASURES for text in self.bins[name].warnings)

    def cells(self) -> npt.NDArray[np.int16]:
        """Return the three digits as one number, such as 543. 0 without scores."""
        recency, frequency = self.recency.astype(np.int16), self.frequency.astype(np.int16)
        return 100 * recency + 10 * frequency + self.monetary

    def take(self, rows: slice) -> RfmScores:
        """Return some customers' scores, in everybody's bins."""
        return RfmScores(**{name: getattr(self, name)[rows] for name in MEASURES}, bins=self.bins)


def rfm_scores(
    measures: Measures, *, scale: int, thresholds: Mapping[str, Sequence[Threshold]] | None = None
) -> RfmScores:
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
    given, binned, columns = thresholds or {}, {}, {}
    for name in MEASURES:
        values = getattr(measures, name)[measures.scored]
        scores, binned[name] = bin_scores(
            values,
            name=name,
            scale=scale,
            low_is_best=name == "recency",
            thresholds=given.get(name),
        )
        columns[name] = np.zeros(len(measures.scored), np.int8)
        columns[name][measures.scored] = scores
    return RfmScores(**columns, bins=binned)


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
    if not 2 <= scale <= 9:
        raise InvalidInput(f"scale is {scale}: scores go from 1 to at least 2 and at most 9")
    edges = quantiles(values, scale) if thresholds is None else tuple(thresholds)
    if len(edges) != scale - 1 or list(edges) != sorted(edges):
        raise InvalidInput(
            f"thresholds of {name} are {[float(edge) for edge in edges]}: "
            f"expected {scale - 1} ascending values for scores 1 to {scale}"
        )
    floors = np.array([edge.__floor__() for edge in edges], np.int64)
    above = np.searchsorted(floors, values, side="left").astype(np.int8)
    scores: Scores = (scale - above if low_is_best else above + 1).astype(np.int8)
    sizes = np.bincount(scores, minlength=scale + 1)[1:]
    bins = Bins(
        thresholds=edges,
        sizes=tuple(sizes.tolist()),
        warnings=_empty_bins(values, sizes.tolist(), name=name),
    )
    return scores, bins


def quantiles(values: Ints, parts: int) -> tuple[Threshold, ...]:
    """Return the ``parts - 1`` type-7 quantiles of integers, exactly. Zeros if there are none."""
    if not len(values):
        return (0,) * (parts - 1)
    steps = [divmod((len(values) - 1) * part, parts) for part in range(1, parts)]
    ranks = sorted({rank + extra for rank, rest in steps for extra in (0, bool(rest))})
    ordered = np.partition(values, ranks)
    return tuple(
        int(ordered[rank]) + _between(ordered, rank=rank, share=Fraction(rest, parts))
        for rank, rest in steps
    )


def _between(ordered: Ints, *, rank: int, share: Fraction) -> Threshold:
    return share * (int(ordered[rank + 1]) - int(ordered[rank])) if share else 0


def _empty_bins(values: Ints, sizes: Sequence[int], *, name: str) -> tuple[str, ...]:
    empty = [str(score) for score, size in enumerate(sizes, start=1) if not size]
    if not empty or not len(values):
        return ()
    distinct, counts = np.unique(values, return_counts=True)
    share = 100 * counts.max() / len(values)
    most = _in_unit(int(distinct[counts.argmax()]), name)
    kinds = f"are {len(distinct):,} distinct values" if len(distinct) > 1 else "is 1 distinct value"
    return (
        f"nobody has {name} score {_listed(empty)}: equal values share a score, there {kinds}, "
        f"and {share:.1f} % of customers have the value {most}",
    )


def _in_unit(value: int, name: str) -> str:
    return f"{value / UNITS.get(name, 1):,.2f}" if name == "monetary" else f"{value:,}"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
