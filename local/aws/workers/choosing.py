"""Which of the two ways starts processes here."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from local.aws.workers.fork import ForkServers
from local.aws.workers.forked import Forked, Imports
from local.aws.workers.spawned import Spawned
from local.aws.workers.ways import WorkerStarter
from tessera.errors import InvalidInput

VARIABLE = "TESSERA_WORKERS"
FORK, SPAWN = "fork", "spawn"


def can_fork() -> bool:
    """Return whether forks are safe here: on macOS, system libraries start threads."""
    return sys.platform == "linux"


def usual_workers(
    work: Path,
    *,
    imports: Imports,
    servers: ForkServers | None = None,
    report: Callable[[str], None] = lambda _: None,
) -> WorkerStarter:
    """Return what starts processes: by forks where they are safe, unless a variable says spawn.

    Parameters
    ----------
    work, imports, servers, report
        As for ``Forked``.

    Raises
    ------
    InvalidInput
        The variable says something else.
    """
    way = os.environ.get(VARIABLE, FORK)
    if way not in {FORK, SPAWN}:
        raise InvalidInput(f"the variable {VARIABLE} is {way!r}: set it to {FORK} or {SPAWN}")
    spawned = Spawned(work)
    if way == SPAWN or not can_fork():
        return spawned
    return Forked(work, spawned=spawned, imports=imports, servers=servers, report=report)
