"""Ranges of objects, read as ranges: moto reads all of an object for each range that it serves.

A file of 2 GB that the SDK fetches in 8 MB pieces would be read 240 times as a whole.
"""

from __future__ import annotations

import threading
from typing import Any

from moto.s3.models import FakeKey
from moto.s3.responses import S3Response

_asked = threading.local()  # .range: whether this thread answers a request for a range
_whole = FakeKey.value
_get_object = S3Response.get_object


class _Unread:
    """An object's bytes that nobody has read yet: all that moto does with them is cut a piece."""

    def __init__(self, key: FakeKey) -> None:
        self._key = key

    def __len__(self) -> int:
        return int(self._key.contentsize)

    def __getitem__(self, where: slice) -> bytes:
        start, stop, _ = where.indices(len(self))
        with self._key.lock:
            self._key._value_buffer.seek(start)
            return bytes(self._key._value_buffer.read(max(stop - start, 0)))


def _value(key: FakeKey) -> Any:
    return _Unread(key) if getattr(_asked, "range", False) else _whole.fget(key)


def _get(response: S3Response) -> Any:
    _asked.range = _is_range(response.headers.get("range") or "")
    try:
        return _get_object(response)
    finally:
        _asked.range = False


def _is_range(header: str) -> bool:
    """Return whether moto will cut a piece. It ignores any other header."""
    unit, _, span = header.partition("=")
    first, _, last = span.partition("-")
    return unit == "bytes" and first.isdecimal() and (not last or last.isdecimal())


def install() -> None:
    """Make moto read what it is asked for."""
    FakeKey.value = property(_value, _whole.fset)
    S3Response.get_object = _get
