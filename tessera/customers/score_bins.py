"""The bins of RFM scores: the values between them, and what to say of those that are empty."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from tessera.customers.measures import Measures
from tessera.customers.money import Ints
from tessera.customers.order_statistics import OrderStatistics, counted
from tessera.customers.units import MEASURES, UNITS
from tessera.errors import InvalidInput

Threshold = Fraction | int
Edges = Mapping[str, Sequence[Threshold]]  # by measure, in its integer unit
MeasureBlocks = Callable[[], Iterable[Measures]]  # everybody's, some after the others


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


def rfm_edges(
    blocks: MeasureBlocks, *, scale: int, thresholds: Edges | None = None
) -> dict[str, tuple[Threshold, ...]]:
    """Return the values between the bins of each measure.

    Parameters
    ----------
    blocks, scale, thresholds
        Everybody's measures, and what ``rfm_scores`` takes.

    Raises
    ------
    InvalidInput
        See ``bin_scores``.
    """
    given = thresholds or {}
    return {
        name: edges_of(
            OrderStatistics(functools.partial(_scored, blocks, name)),
            name=name,
            scale=scale,
            thresholds=given.get(name),
        )
        for name in MEASURES
    }


def edges_of(
    values: OrderStatistics,
    *,
    name: str,
    scale: int,
    thresholds: Sequence[Threshold] | None,
) -> tuple[Threshold, ...]:
    """Return the values between a measure's bins: those given, or quantiles. See ``bin_scores``."""
    if not 2 <= scale <= 9:
        raise InvalidInput(f"scale is {scale}: scores go from 1 to at least 2 and at most 9")
    edges = quantiles(values, scale) if thresholds is None else tuple(thresholds)
    if len(edges) != scale - 1 or list(edges) != sorted(edges):
        raise InvalidInput(
            f"thresholds of {name} are {[float(edge) for edge in edges]}: "
            f"expected {scale - 1} ascending values for scores 1 to {scale}"
        )
    return edges


def quantiles(values: OrderStatistics, parts: int) -> tuple[Threshold, ...]:
    """Return the ``parts - 1`` type-7 quantiles of integers, exactly. Zeros if there are none."""
    if not len(values):
        return (0,) * (parts - 1)
    steps = [divmod((len(values) - 1) * part, parts) for part in range(1, parts)]
    ranks = sorted({rank + extra for rank, rest in steps for extra in (0, bool(rest))})
    at = {rank: int(value) for rank, value in zip(ranks, values.at(ranks), strict=True)}
    return tuple(
        at[rank] + (Fraction(rest, parts) * (at[rank + 1] - at[rank]) if rest else 0)
        for rank, rest in steps
    )


def rfm_bins(
    blocks: MeasureBlocks, edges: Edges, *, sizes: Mapping[str, Sequence[int]]
) -> dict[str, Bins]:
    """Return everybody's bins, with warnings. ``sizes`` are by measure."""
    return {
        name: Bins(
            thresholds=tuple(edges[name]),
            sizes=tuple(sizes[name]),
            warnings=empty_bins(_scored(blocks, name), sizes[name], name=name),
        )
        for name in MEASURES
    }


def warnings_of(bins: Mapping[str, Bins]) -> tuple[str, ...]:
    """Return all bins' warnings, recency first. One alone when there is nobody to score."""
    if not any(bins["recency"].sizes):
        return ("nobody has bought anything yet: there are no scores",)
    return tuple(text for name in MEASURES for text in bins[name].warnings)


def empty_bins(blocks: Iterable[Ints], sizes: Sequence[int], *, name: str) -> tuple[str, ...]:
    """Return a sentence where nobody got some scores, and why."""
    empty = [str(score) for score, size in enumerate(sizes, start=1) if not size]
    if not empty or not any(sizes):
        return ()
    distinct, counts = counted(blocks)
    share = 100 * counts.max() / counts.sum()
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


def _scored(blocks: MeasureBlocks, name: str) -> Iterator[Ints]:
    return (getattr(some, name)[some.scored] for some in blocks())
