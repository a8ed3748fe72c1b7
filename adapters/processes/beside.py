"""Do a task in another process while this one goes on."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from tessera.customers.beside import Beside, when_asked

T = TypeVar("T")


def usual() -> Beside:
    """Return ``forked`` where it is safe and there is a second processor for it."""
    if sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1:
        return forked
    return when_asked  # libraries of macOS do not outlive a fork


@contextlib.contextmanager
def forked(task: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """Begin a task in a fork of this process. See ``tessera.customers.beside.Beside``.

    The fork ends with the block. If it ended before, without a result, the task is done here: one
    that lacked memory beside the other has it now, and one that fails shows why.

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

    def result() -> T:
        try:
            answer: T = receiving.recv()
        except EOFError:
            return task()
        return answer

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
