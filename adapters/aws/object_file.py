"""An object of a bucket as a file that is read from anywhere, never as a whole."""

from __future__ import annotations

import collections
import io
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from adapters.aws.objects import Objects

_BLOCK = 8 << 20
_AHEAD = 4


class ObjectFile(io.RawIOBase):
    """A version of an object, open for reading. Each read is one request.

    Parameters
    ----------
    objects, key, version_id
        The object.
    size
        Its bytes.
    """

    def __init__(self, objects: Objects, key: str, *, size: int, version_id: str = "") -> None:
        self._objects, self._key, self._version = objects, key, version_id or None
        self._size, self._at = size, 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return where the next read begins."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Let the next read begin elsewhere. Return where."""
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 (any buffer)
        """Fill a buffer. Return how many bytes there were."""
        wanted = min(len(buffer), self._size - self._at)
        if wanted <= 0:
            return 0
        data = self._objects.read_range(self._key, self._at, wanted, version_id=self._version)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def blocks(
    objects: Objects, key: str, *, size: int, version_id: str = "", at_once: int = _BLOCK
) -> Iterator[bytes]:
    """Yield all bytes of an object, in order. A few requests are always under way."""
    with ThreadPoolExecutor(_AHEAD) as pool:
        waiting: collections.deque[Future[bytes]] = collections.deque()
        for start in range(0, size, at_once):
            length = min(at_once, size - start)
            waiting.append(
                pool.submit(objects.read_range, key, start, length, version_id=version_id or None)
            )
            if len(waiting) > _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
