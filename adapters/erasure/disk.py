"""Room on a disk for files that are worked on at the same time."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from tessera.errors import InvalidInput

_UNLIMITED = 1 << 62


class Disk:
    """So many bytes, of which each piece of work takes some until it ends.

    Parameters
    ----------
    bytes_
        How many there are.
    """

    def __init__(self, bytes_: int = _UNLIMITED) -> None:
        self._all = self._free = bytes_
        self._changed = threading.Condition()

    @contextlib.contextmanager
    def room_for(self, bytes_: int, *, what: str) -> Iterator[None]:
        """Take some bytes, after waiting for others to give theirs back.

        Raises
        ------
        InvalidInput
            There never are so many.
        """
        if bytes_ > self._all:
            raise InvalidInput(
                f"{what} needs {bytes_ / 1e9:,.1f} GB of the disk's {self._all / 1e9:,.1f}: raise "
                "'jobs.volume_gb' in cdk.json"
            )
        with self._changed:
            self._changed.wait_for(lambda: self._free >= bytes_)
            self._free -= bytes_
        try:
            yield
        finally:
            with self._changed:
                self._free += bytes_
                self._changed.notify_all()
