"""Values by their rank among all, exactly, of any number of values and in bounded memory.

Values come in blocks that can be read again. Where they are few they are sorted. Where they are
many, each reading counts them by 16 more bits of their order. Counts of parts add up to those of
the whole, so any cut of the values gives the same result.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Numbers = Ints | npt.NDArray[np.float64]
Blocks = Callable[[], Iterable[Numbers]]
_Keys = npt.NDArray[np.uint64]

_FEW = 1 << 20  # values that are sorted in memory: 8 MB
_BITS = 16  # of a value's order that one reading decides
_WHOLE = 64
_SIGN = np.uint64(1 << (_WHOLE - 1))


@dataclasses.dataclass(frozen=True)
class _Bucket:
    """Values that begin with the same bits.

    Parameters
    ----------
    prefix, bits
        Those bits, and how many follow.
    ranks
        Which of its values are asked for, by the rank among all, and by that in the bucket.
    """

    prefix: int
    bits: int
    ranks: tuple[tuple[int, int], ...]

    def keys(self, keys: _Keys) -> _Keys:
        """Return those that are in the bucket."""
        if self.bits == _WHOLE:
            return keys
        inside: _Keys = keys[(keys >> np.uint64(self.bits)) == np.uint64(self.prefix)]
        return inside

    def parted(self, counts: npt.NDArray[np.int64]) -> Iterator[tuple[_Bucket, int]]:
        """Yield the narrower buckets that are asked for, and how many values each has."""
        ends = np.cumsum(counts)
        narrower: dict[int, list[tuple[int, int]]] = {}
        for rank, inside in self.ranks:
            place = int(np.searchsorted(ends, inside, side="right"))
            before = int(ends[place] - counts[place])
            narrower.setdefault(place, []).append((rank, inside - before))
        for place, ranks in narrower.items():
            prefix = (self.prefix << _BITS) | place
            yield _Bucket(prefix, self.bits - _BITS, tuple(ranks)), int(counts[place])


class OrderStatistics:
    """Values of one column in their order.

    Parameters
    ----------
    blocks
        Returns the values, all int64 or all float64 without NaN, some after the others. Called
        for each reading.
    """

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks

    @functools.cached_property
    def _size(self) -> int:
        return sum(len(block) for block in self._blocks())

    @functools.cached_property
    def _dtype(self) -> np.dtype[np.generic]:
        return next((block.dtype for block in self._blocks()), np.dtype(np.float64))

    @functools.cached_property
    def _sorted(self) -> _Keys:
        return np.sort(np.concatenate([np.zeros(0, np.uint64), *self._keys()]))

    def __len__(self) -> int:
        """Return how many values there are."""
        return self._size

    def at(self, ranks: Sequence[int]) -> list[int] | list[float]:
        """Return the values at some ranks, from 0 for the least.

        Raises
        ------
        IndexError
            There are fewer values.
        """
        if any(not 0 <= rank < len(self) for rank in ranks):
            raise IndexError(f"ranks {[*ranks]} of {len(self)} values")
        if not ranks:
            return []
        by_rank = (
            {rank: int(self._sorted[rank]) for rank in ranks}
            if len(self) <= _FEW
            else self._searched(ranks)
        )
        keys = np.array([by_rank[rank] for rank in ranks], np.uint64)
        values: list[int] | list[float] = _values(keys, self._dtype).tolist()
        return values

    def around(self, values: Sequence[float]) -> list[tuple[int, int]]:
        """Return how many values are less than each of some, and how many are not greater."""
        asked = np.array(values, self._dtype)
        less, up_to = np.zeros(len(asked), np.int64), np.zeros(len(asked), np.int64)
        if len(self) <= _FEW:
            keys = _keys(asked)
            less += np.searchsorted(self._sorted, keys, side="left")
            up_to += np.searchsorted(self._sorted, keys, side="right")
            return list(zip(less.tolist(), up_to.tolist(), strict=True))
        for block in self._blocks():
            for place, value in enumerate(asked):
                less[place] += np.count_nonzero(block < value)
                up_to[place] += np.count_nonzero(block <= value)
        return list(zip(less.tolist(), up_to.tolist(), strict=True))

    def _keys(self) -> Iterator[_Keys]:
        return (_keys(block) for block in self._blocks())

    def _searched(self, ranks: Sequence[int]) -> dict[int, int]:
        """Return the keys by rank."""
        asked = [_Bucket(0, _WHOLE, tuple((rank, rank) for rank in sorted(set(ranks))))]
        while asked and asked[0].bits:
            parted = [each for one in self._counted(asked) for each in one]
            asked = [bucket for bucket, _ in parted]
            if sum(size for _, size in parted) <= _FEW:
                return self._gathered(asked)
        return {rank: bucket.prefix for bucket in asked for rank, _ in bucket.ranks}

    def _counted(self, buckets: Sequence[_Bucket]) -> Iterator[Iterator[tuple[_Bucket, int]]]:
        counts = np.zeros((len(buckets), 1 << _BITS), np.int64)
        for keys in self._keys():
            for place, bucket in enumerate(buckets):
                shifted = bucket.keys(keys) >> np.uint64(bucket.bits - _BITS)
                digits = (shifted & np.uint64((1 << _BITS) - 1)).astype(np.int64)
                counts[place] += np.bincount(digits, minlength=1 << _BITS)
        return (one.parted(row) for one, row in zip(buckets, counts, strict=True))

    def _gathered(self, buckets: Sequence[_Bucket]) -> dict[int, int]:
        parts: list[list[_Keys]] = [[] for _ in buckets]
        for keys in self._keys():
            for part, bucket in zip(parts, buckets, strict=True):
                part.append(bucket.keys(keys))
        by_rank = {}
        for part, bucket in zip(parts, buckets, strict=True):
            ordered = np.sort(np.concatenate(part))
            by_rank.update({rank: int(ordered[inside]) for rank, inside in bucket.ranks})
        return by_rank


def counted(blocks: Iterable[Ints]) -> tuple[Ints, Ints]:
    """Return the distinct numbers, ascending, and how often each occurs.

    Memory grows with distinct numbers.
    """
    distinct, counts = np.zeros(0, np.int64), np.zeros(0, np.int64)
    for block in blocks:
        here, often = np.unique(block, return_counts=True)
        everything = np.concatenate([distinct, here])
        added = np.concatenate([counts, often])
        distinct, places = np.unique(everything, return_inverse=True)
        counts = np.zeros(len(distinct), np.int64)
        np.add.at(counts, places, added)
    return distinct, counts


def _keys(values: Numbers) -> _Keys:
    """Return whole numbers in the order of the values. Both zeros are the same."""
    if values.dtype.kind != "f":
        return values.astype(np.int64).view(np.uint64) ^ _SIGN
    bits = (values.astype(np.float64) + 0.0).view(np.uint64)
    return np.where(bits & _SIGN, ~bits, bits | _SIGN)


def _values(keys: _Keys, dtype: np.dtype[np.generic]) -> Numbers:
    if dtype.kind != "f":
        return (keys ^ _SIGN).view(np.int64)
    return np.where(keys & _SIGN, keys ^ _SIGN, ~keys).view(np.float64)
