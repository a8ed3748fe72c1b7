"""What wakes those who wait, so that they need not ask again and again."""

from __future__ import annotations

import threading


class Wakes:
    """Something that happens now and then, such as the end of a job."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0
        self._seen = threading.local()

    def add(self) -> None:
        """Say that it has happened."""
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def wait(self, seconds: float) -> None:
        """Return when it has happened since this thread's last wait, or after so many seconds."""
        seen = getattr(self._seen, "count", None)
        with self._changed:
            self._changed.wait_for(lambda: self._count != seen, timeout=seconds)
            self._seen.count = self._count
