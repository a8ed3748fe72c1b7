"""The addresses of a run's customers, as sorted hashes ("marks") of 16 bytes each."""

from __future__ import annotations

import bisect
from collections.abc import Iterable

_BYTES = 16


class Marks:
    """A set of marks, searched in place.

    Parameters
    ----------
    data
        What ``packed`` returned.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._count = len(data) // _BYTES

    def __contains__(self, mark: object) -> bool:
        """Return whether the set has a mark, given as 32 hexadecimal digits."""
        wanted = bytes.fromhex(str(mark))
        place = bisect.bisect_left(range(self._count), wanted, key=self._at)
        return place < self._count and self._at(place) == wanted

    def _at(self, place: int) -> bytes:
        return self._data[place * _BYTES : (place + 1) * _BYTES]


def packed(marks: Iterable[str]) -> bytes:
    """Sort marks and return them as one string of bytes."""
    return b"".join(sorted(bytes.fromhex(mark) for mark in marks))
