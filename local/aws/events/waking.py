"""What calls functions in the background: one thread for each source, woken by what comes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


class HiddenMappings(dict[str, Any]):
    """The functions of a source. moto looks through them at each message, and sees none.

    moto gives a stream one function, by the stream's own name. Here it has each of them, by the
    function's name, as moto does for a queue.
    """

    def __setitem__(self, _key: str, mapping: Any) -> None:
        """Keep a mapping beside the others."""
        super().__setitem__(mapping.function_arn, mapping)

    def items(self) -> Any:
        """Return none of them."""
        return ()


class Waking:
    """Which sources are being worked on, and whether something came meanwhile."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._woken: dict[str, bool] = {}  # by source: whether something came since the last look

    def wake(self, source: str, work: Callable[[], None]) -> None:
        """Let a source be worked on, unless somebody is at it already."""
        with self._lock:
            is_working = source in self._woken
            self._woken[source] = True
        if not is_working:
            threading.Thread(target=work, daemon=True).start()

    def has_come(self, source: str) -> bool:
        """Return whether something came since the last look. Without, the work has ended."""
        with self._lock:
            has_come = self._woken.pop(source)
            if has_come:
                self._woken[source] = False
            return has_come
