"""Which addresses a run's customers have, as marks that name nobody: 16 bytes each, sorted."""

from __future__ import annotations

import bisect
from collections.abc import Iterable

_BYTES = 16


class Marks:
    """Marks to be asked whether one is among them.

    Parameters
    ----------
    data
        What ``packed`` made of them.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._count = len(data) // _BYTES

    def __contains__(self, mark: object) -> bool:
        """Tell whether a mark, 32 hexadecimal digits, is among them."""
        wanted = bytes.fromhex(str(mark))
        place = bisect.bisect_left(range(self._count), wanted, key=self._at)
        return place < self._count and self._at(place) == wanted

    def _at(self, place: int) -> bytes:
        return self._data[place * _BYTES : (place + 1) * _BYTES]


def packed(marks: Iterable[str]) -> bytes:
    """Return marks as one text of bytes."""
    return b"".join(sorted(bytes.fromhex(mark) for mark in marks))
