"""Take turns through a bucket: of all who want to change something, one at a time.

A turn is an object with a number, and with the instant until which its holder may work. The next
number is taken by a write that fails where the object exists. A holder who died is passed over
after that instant.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator

from adapters.aws.objects import Objects
from tessera.errors import Retryable

LONGEST = dt.timedelta(minutes=6)  # longer than any holder works
_LOOK_S = 1.0
_OVER = b"0"


class Turns:
    """The turns below a prefix.

    Parameters
    ----------
    objects, prefix
        Where their objects are.
    now
        Returns the present instant.
    pause
        Waits a number of seconds.
    """

    def __init__(
        self,
        objects: Objects,
        *,
        prefix: str,
        now: Callable[[], dt.datetime],
        pause: Callable[[float], None],
    ) -> None:
        self._objects, self._prefix = objects, prefix
        self._now, self._pause = now, pause

    @contextlib.contextmanager
    def taken(self, *, wait_seconds: float) -> Iterator[None]:
        """Hold the turn.

        Parameters
        ----------
        wait_seconds
            How long to wait for its holder.

        Raises
        ------
        Retryable
            Somebody else has it for longer.
        """
        until = self._now() + dt.timedelta(seconds=wait_seconds)
        while (key := self._take()) is None:
            if self._now() >= until:
                raise Retryable("somebody else sends to this destination", after_seconds=60)
            self._pause(_LOOK_S)
        try:
            yield
        finally:
            self._objects.write(key, _OVER)

    def _take(self) -> str | None:
        """Take the next turn. Return its key, or None while somebody has the last one."""
        keys = list(self._objects.keys(self._prefix))
        if keys and self._now().timestamp() < float(self._objects.read(keys[-1])):
            return None
        number = int(keys[-1].removeprefix(self._prefix)) + 1 if keys else 1
        key = f"{self._prefix}{number:09d}"
        ends = self._now() + LONGEST
        try:
            if not self._objects.create(key, str(ends.timestamp()).encode()):
                return None
        except Retryable:  # two wrote at once: neither may have succeeded
            return None
        self._objects.delete(keys[:-1])  # others may be reading the last one
        return key
