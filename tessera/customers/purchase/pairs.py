"""Distinct rows: what depends on few numbers is computed once for all who share them."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from tessera.customers.money import Ints

Floats = npt.NDArray[np.float64]

_MOST_SLOTS = 1 << 22  # of a table with a slot for every possible key. Beyond it, keys are sorted


@dataclasses.dataclass(frozen=True)
class Pairs:
    """The distinct pairs of a count and a day among many rows.

    Parameters
    ----------
    counts, days
        Shape (m,), the pairs, ascending.
    place
        Shape (n,), where among the pairs each row's is.
    """

    counts: Floats
    days: Floats
    place: Ints


def pair(counts: Ints, days: Floats) -> Pairs:
    """Return the distinct pairs of two columns of shape (n,)."""
    values, codes = encode(days)
    keys, place = distinct(counts * len(values) + codes)
    distinct_counts, codes = np.divmod(keys, len(values))
    return Pairs(distinct_counts.astype(np.float64), values[codes], place)


def encode(values: Floats) -> tuple[Floats, Ints]:
    """Return ascending values, and the index of each row's: whole days index themselves."""
    whole = values.astype(np.int64)
    most = int(whole.max(initial=0))
    if most < _MOST_SLOTS and (whole == values).all():
        return np.arange(most + 1, dtype=np.float64), whole
    ascending, index = np.unique(values, return_inverse=True)
    return ascending, index.astype(np.int64)


def distinct(keys: Ints) -> tuple[Ints, Ints]:
    """Return the distinct keys, none negative, ascending, and each row's place among them."""
    slots = int(keys.max(initial=0)) + 1
    if slots > _MOST_SLOTS:
        return _sorted_distinct(keys)
    seen = np.zeros(slots, np.bool_)
    seen[keys] = True
    keys_present = np.flatnonzero(seen)
    rank = np.empty(slots, np.int64)
    rank[keys_present] = np.arange(len(keys_present))
    return keys_present, rank[keys]


def _sorted_distinct(keys: Ints) -> tuple[Ints, Ints]:
    """Sort key and row as one number where both fit: four times faster than sorting an index."""
    bits = len(keys).bit_length()
    if int(keys.max()).bit_length() + bits > 62:
        ascending, place = np.unique(keys, return_inverse=True)
        return ascending, place.astype(np.int64)
    packed = np.sort((keys << bits) | np.arange(len(keys)))
    ordered = packed >> bits
    first = np.r_[True, ordered[1:] != ordered[:-1]]
    place = np.empty(len(keys), np.int64)
    place[packed & ((1 << bits) - 1)] = np.cumsum(first) - 1
    return ordered[first], place


def totals(groups_of: Ints, *, weights: Floats, groups: int = 0) -> Floats:
    """Return the sum of weights in each group, shape (at least ``groups``,)."""
    return np.bincount(groups_of, weights=weights, minlength=groups).astype(np.float64, copy=False)
