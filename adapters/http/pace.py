"""How fast a destination is called: a token bucket."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Pace:
    """Lets so many requests per minute pass, and a second's worth of them at once.

    No minute has more than that, wherever it starts. So a service that counts in fixed windows
    has nothing to refuse.

    Parameters
    ----------
    per_minute
        The maximum number of requests. 0 for any number.
    clock, pause
        For tests: what time it is, and how to wait, in seconds.
    """

    def __init__(
        self,
        per_minute: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._capacity = max(1.0, per_minute // 60)
        self._per_second = max(per_minute - self._capacity, per_minute / 2) / 60
        self._clock = clock
        self._pause = pause
        self._lock = threading.Lock()
        self._tokens = self._capacity
        self._seen = clock()

    def wait(self) -> None:
        """Return when the next request may go. Several threads may wait at once."""
        if not self._per_second:
            return
        seconds = self._take()
        if seconds > 0:
            self._pause(seconds)

    def _take(self) -> float:
        with self._lock:
            now = self._clock()
            grown = self._tokens + (now - self._seen) * self._per_second
            self._tokens = min(self._capacity, grown) - 1
            self._seen = now
            return -self._tokens / self._per_second
