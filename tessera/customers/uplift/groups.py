"""Groups of customers by limits of a few columns: a score that a segment set can hold.

A tree is grown on a score. Its leaves are the groups: each a few limits such as "frequency from 3
and recency_days below 60", which every destination and every reader understands. What the groups
lose against the score is measured, as they are judged in its place.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tessera.customers.uplift.experiment import Codes, Floats, Mask, Matrix, Places

MOST_GROUPS = 12
LEAST_SHARE = 0.03  # of the people, in a group
MOST_LIMITS = 3  # columns a group: people read them, and a segment set holds fifty conditions
_CUTS = 31  # candidates a column, at equally spaced quantiles
_KNOWN = 0.95  # a column that is unknown more often has no limits
_GAIN = 1e-6  # of the score's variance, at least, for another limit
_DIGITS = 3  # of a limit: people read them
_MOST_ROWS = 200_000  # of which quantiles are taken
_Bins = npt.NDArray[np.uint8]


@dataclasses.dataclass(frozen=True, kw_only=True)
class GroupLimit:
    """Numbers of a column from one limit on and below another. None stands for no limit."""

    column: str
    low: float | None = None
    below: float | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class UpliftGroup:
    """Customers within some limits.

    Parameters
    ----------
    limits
        One a column at most. Who lacks one of the columns is in no group.
    score
        The mean of their scores.
    """

    limits: tuple[GroupLimit, ...]
    score: float


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Cuts:
    """Each column as the number of its limits that a value reaches.

    Parameters
    ----------
    limits
        By column, ascending. Empty for a column that has none.
    bins : shape (n, columns)
        How many limits each value reaches.
    absent : shape (n, columns)
        Which values are unknown.
    """

    limits: tuple[tuple[float, ...], ...]
    bins: _Bins
    absent: Mask


def cuts_of(matrix: Matrix) -> Cuts:
    """Choose the limits that groups may have, without regard to scores."""
    absent: Mask = np.isnan(matrix)
    step = max(1, len(matrix) // _MOST_ROWS)
    limits = tuple(_limits(column) for column in matrix[::step].T)
    bins = np.zeros(matrix.shape, np.uint8)
    for place, own in enumerate(limits):
        bins[:, place] = np.searchsorted(np.array(own), matrix[:, place], side="right")
    return Cuts(limits=limits, bins=bins, absent=absent)


def grow_groups(
    cuts: Cuts, score: npt.NDArray[np.floating], *, names: Sequence[str], rows: Places
) -> tuple[UpliftGroup, ...]:
    """Return the groups of some people, the highest score first.

    Parameters
    ----------
    cuts
        Of everybody.
    score : shape (n,)
        Of everybody.
    names
        Of the columns.
    rows
        The people that the tree is grown on.
    """
    least = max(1, int(LEAST_SHARE * len(rows)))
    floor = _GAIN * float(score[rows].var()) * len(rows)
    leaves = [_Leaf(rows=rows, bounds={})]
    splits = [_best_split(leaves[0], cuts, score, least=least)]
    while len(leaves) < MOST_GROUPS:
        place = max(range(len(leaves)), key=lambda one: splits[one].gain)
        if splits[place].gain <= floor:
            break
        for leaf in _halves(leaves.pop(place), splits.pop(place), cuts):
            leaves.append(leaf)
            splits.append(_best_split(leaf, cuts, score, least=least))
    groups = [
        UpliftGroup(
            limits=_limits_of(leaf, cuts, names),
            score=round(float(score[leaf.rows].mean(dtype=np.float64)), 9),
        )
        for leaf in leaves
    ]
    return tuple(sorted(groups, key=lambda group: -group.score))


def assign(groups: Sequence[UpliftGroup], matrix: Matrix, *, names: Sequence[str]) -> Codes:
    """Return the place of each row's group, -1 for none, shape (n,)."""
    codes = np.full(len(matrix), -1, np.int16)
    places = {name: place for place, name in enumerate(names)}
    for code, group in enumerate(groups):
        inside = np.ones(len(matrix), np.bool_)
        for limit in group.limits:
            column = matrix[:, places[limit.column]]
            inside &= ~np.isnan(column)
            if limit.low is not None:
                inside &= column >= limit.low
            if limit.below is not None:
                inside &= column < limit.below
        codes[inside] = code
    return codes


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class _Leaf:
    """Rows, and by column the first and the last bin that they may have."""

    rows: Places
    bounds: dict[int, tuple[int, int]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Split:
    """The best split of a leaf: bins below ``bin`` go one way. No gain where there is none."""

    gain: float = 0.0
    column: int = -1
    bin: int = 0


def _limits(column: Matrix) -> tuple[float, ...]:
    known = column[~np.isnan(column)].astype(np.float64)
    if len(known) < _KNOWN * len(column) or not len(known):
        return ()
    quantiles = np.quantile(known, np.linspace(0, 1, _CUTS + 2)[1:-1]).tolist()
    rounded = {float(f"{value:.{_DIGITS}g}") for value in quantiles}
    return tuple(sorted(value for value in rounded if known.min() < value <= known.max()))


def _best_split(leaf: _Leaf, cuts: Cuts, score: npt.NDArray[np.floating], *, least: int) -> _Split:
    best = _Split()
    own = score[leaf.rows].astype(np.float64)
    own -= own.mean() if len(own) else 0.0
    for column, limits in enumerate(cuts.limits):
        if not limits or (column not in leaf.bounds and len(leaf.bounds) == MOST_LIMITS):
            continue
        bins = cuts.bins[leaf.rows, column]
        counts = np.bincount(bins, minlength=len(limits) + 1).cumsum()[:-1]
        sums = np.bincount(bins, weights=own, minlength=len(limits) + 1).cumsum()[:-1]
        rest = len(own) - counts
        fits = (counts >= least) & (rest >= least)
        if fits.any():
            gains = np.where(fits, sums**2 / np.maximum(counts, 1), 0.0)
            gains += np.where(fits, sums**2 / np.maximum(rest, 1), 0.0)
            place = int(gains.argmax())
            if gains[place] > best.gain:
                best = _Split(gain=float(gains[place]), column=column, bin=place + 1)
    return best


def _halves(leaf: _Leaf, split: _Split, cuts: Cuts) -> tuple[_Leaf, _Leaf]:
    """Return both halves. Rows that lack the column are in neither."""
    rows = leaf.rows[~cuts.absent[leaf.rows, split.column]]
    is_below = cuts.bins[rows, split.column] < split.bin
    first, last = leaf.bounds.get(split.column, (0, len(cuts.limits[split.column])))
    return (
        _Leaf(rows=rows[is_below], bounds=leaf.bounds | {split.column: (first, split.bin - 1)}),
        _Leaf(rows=rows[~is_below], bounds=leaf.bounds | {split.column: (split.bin, last)}),
    )


def _limits_of(leaf: _Leaf, cuts: Cuts, names: Sequence[str]) -> tuple[GroupLimit, ...]:
    made = []
    for column, (first, last) in sorted(leaf.bounds.items()):
        own = cuts.limits[column]
        made.append(
            GroupLimit(
                column=names[column],
                low=own[first - 1] if first else None,
                below=own[last] if last < len(own) else None,
            )
        )
    return tuple(made)


def scores_of(groups: Sequence[UpliftGroup], codes: Codes, *, otherwise: float) -> Floats:
    """Return the score of each one's group, shape (n,)."""
    table = np.array([*(group.score for group in groups), otherwise])
    scores: Floats = table[codes]
    return scores
