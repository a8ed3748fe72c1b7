"""Two things that need nothing of each other, for who has two processors."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

T = TypeVar("T")


class Beside(Protocol):
    """Begins a task beside a block, which is given what returns the task's result."""

    def __call__(self, task: Callable[[], T], /) -> AbstractContextManager[Callable[[], T]]:
        """Return the block, whose value returns the result, or raises what the task raises."""


@contextlib.contextmanager
def when_asked(task: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """Do the task when its result is asked for, and never if nobody asks."""
    yield task
