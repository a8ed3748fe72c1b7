"""Starts each job and function as a process by itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from local.aws.processes import Child
from local.aws.workers import lambda_worker
from local.aws.workers.spares import Spares
from local.aws.workers.ways import Worker


class Spawned:
    """Starts each process by itself. Those of jobs may have been started ahead."""

    def __init__(self, work: Path) -> None:
        self._spares = Spares(work)

    def expect_job(self, kind: str) -> None:
        """Start one more process, and wait until it has imported."""
        self._spares.start(kind)

    def expect_function(self, folder: Path, handler: str) -> bool:  # noqa: ARG002 (a protocol's)
        """Do nothing: its own process imports what it needs."""
        return False

    def job(
        self, command: Sequence[str], *, kind: str, env: Mapping[str, str], folder: Path
    ) -> Worker:
        """Give the job to a process that waits, or start one."""
        ready = self._spares.take(kind, command, env=env, folder=folder)
        return ready or Child([sys.executable, *command], env=env, cwd=folder)

    def function(
        self, folder: Path, handler: str, *, env: Mapping[str, str], home: Path, replies: int
    ) -> Worker:
        """Start its worker."""
        os.set_inheritable(replies, True)  # noqa: FBT003 (its only form)
        return Child(
            [sys.executable, "-u", lambda_worker.__file__, str(folder), handler, str(replies)],
            env=env, cwd=home, stdin=subprocess.PIPE, pass_fds=[replies],
        )  # fmt: skip

    def close(self) -> None:
        """End every process that waits."""
        self._spares.close()
