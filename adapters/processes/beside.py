"""Do a task in another process while this one goes on."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from tessera.customers.beside import Beside, when_asked

T = TypeVar("T")

_LEAST_PATIENCE_S = 60.0
_TIMES_AS_LONG = 3


def usual() -> Beside:
    """Return ``forked`` where it is safe and there is a second processor for it."""
    if sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1:
        return forked
    return when_asked  # libraries of macOS do not outlive a fork


@contextlib.contextmanager
def forked(task: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """Begin a task in a fork of this process. See ``tessera.customers.beside.Beside``.

    The fork ends with the block. If it has no result, because it ended before or has taken several
    times as long as the block did, the task is done here: one that lacked memory beside the other
    has it now, one that fails shows why, and a lock that was held at the fork holds up nothing.

    Parameters
    ----------
    task
        Its result can be pickled. This process sees nothing else of what it does.
    """
    receiving, sending = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=_answer, args=(task, sending))
    with warnings.catch_warnings():
        # Python warns of any threads. Those of BLAS wait, and it prepares them for forks.
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    sending.close()
    began = time.monotonic()

    def result() -> T:
        patience_s = _LEAST_PATIENCE_S + _TIMES_AS_LONG * (time.monotonic() - began)
        with contextlib.suppress(EOFError):
            if receiving.poll(patience_s):
                answer: T = receiving.recv()
                return answer
        return task()

    try:
        yield result
    finally:
        receiving.close()
        process.kill()
        process.join()
        process.close()


def _answer(task: Callable[[], Any], sending: Connection) -> None:
    with contextlib.suppress(Exception):
        sending.send(task())
