"""A fork becomes the process of one job or function, as if it had been started for that alone."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import gc
import os
import random
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from local.aws.workers import job_worker, lambda_worker
from local.aws.workers.loading import give_way

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)
_MOST_SEED = 2**32


def become(order: Mapping[str, Any], descriptors: Sequence[int], *, parent: int) -> None:
    """Be the process that was ordered, to its end. Does not return.

    Parameters
    ----------
    order
        Its folder, its variables and what it runs.
    descriptors
        Its output, then for a function its input and where to reply.
    parent
        The server that it was forked from, and ends with.
    """
    with contextlib.suppress(OSError):
        os.setpgid(0, 0)
    end_with(parent)
    output, *others = descriptors
    _connect(output, others[:1])
    _begin_anew(order)
    run = _function(order, others[1]) if others else _job(order)
    code = _status(run)
    _flush()
    os._exit(code)


def end_with(parent: int) -> None:
    """Let this process be killed when its parent ends."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _connect(output: int, inputs: Sequence[int]) -> None:
    """Give the process its standard input, output and errors."""
    source = inputs[0] if inputs else os.open(os.devnull, os.O_RDONLY)
    for descriptor, places in ((source, (0,)), (output, (1, 2))):
        for place in places:
            os.dup2(descriptor, place)
        os.close(descriptor)
    sys.stdin = open(0, encoding=sys.stdout.encoding, closefd=False)  # noqa: SIM115
    stdout: Any = sys.stdout
    if inputs:
        stdout.reconfigure(write_through=True)  # as python -u


def _begin_anew(order: Mapping[str, Any]) -> None:
    """Leave nothing of the server's, and nothing that two forks would have in common."""
    os.environ.clear()
    os.environ.update(order["env"])
    os.chdir(order["folder"])
    time.tzset()
    tempfile.tempdir = None
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(random.randrange(_MOST_SEED))  # noqa: S311 (a seed, no secret)
    give_way(order["paths"])
    gc.enable()


def _function(order: Mapping[str, Any], replies: int) -> Callable[[], None]:
    sys.path[:0] = [""]  # which the worker replaces
    folder, handler = order["function"]
    known = frozenset(sys.modules)  # whose descriptions the server has read
    return lambda: lambda_worker.main(folder, handler, replies, known=known)


def _job(order: Mapping[str, Any]) -> Callable[[], None]:
    return lambda: job_worker.run(order["command"], paths=order["paths"])


def _status(run: Callable[[], None]) -> int:
    """Run, then do what an interpreter does at its end. Return the exit status."""
    code = 0
    try:
        run()
    except SystemExit as ending:
        code = _reported(ending)
    except BaseException:  # noqa: BLE001 (an interpreter prints whatever ends it)
        traceback.print_exc()
        code = 1
    vars(threading)["_shutdown"]()  # waits for threads that are no daemons
    atexit._run_exitfuncs()
    return code


def _reported(ending: SystemExit) -> int:
    if ending.code is None or isinstance(ending.code, int):
        return ending.code or 0
    sys.stderr.write(f"{ending.code}\n")
    return 1


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
