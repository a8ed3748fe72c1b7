"""The app's jobs as forks of one process, in place of spare processes that import for each job.

Half of a run's processor time is importing. Jobs still are processes with their own environment,
folder and output, and run the deployed zip. The command line's tests start real processes.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from local.aws.jobs import job_worker
from local.aws.jobs.spares import _MODULES
from local.aws.processes import variables

_SERVER = Path(__file__).with_name("fork_server.py")


class Fork:
    """One job's process, as ``local.aws.processes.Child`` is one."""

    def __init__(self, address: str, order: bytes) -> None:
        self._output, writer = os.pipe()
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.connect(address)
        socket.send_fds(self._connection, [order], [writer])
        os.close(writer)
        self._answers = self._connection.makefile("rb")
        self._pid: int = json.loads(self._answers.readline())

    def lines(self) -> Iterator[bytes]:
        """Yield what it prints until it ends."""
        with os.fdopen(self._output, "rb") as output:
            yield from output

    def wait(self, timeout_s: float | None = None) -> int:
        """Return its exit status. Raises subprocess.TimeoutExpired."""
        self._connection.settimeout(timeout_s)
        try:
            code: int = json.loads(self._answers.readline())
        except TimeoutError:
            raise subprocess.TimeoutExpired("a job", timeout_s or 0) from None
        self._answers.close()
        self._connection.close()
        return code

    def kill(self) -> None:
        """End it and everything that it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, signal.SIGKILL)


class Forks:
    """Gives jobs of the app to forks of one server, which has imported before the first."""

    def __init__(self, folder: Path) -> None:
        self._address = str(folder / "socket")
        modules = sorted({name for names in _MODULES.values() for name in names})
        self._server = subprocess.Popen(
            [sys.executable, str(_SERVER), self._address, str(job_worker.__file__), *modules],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder,
            env={**variables(folder), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
        assert self._server.stdout is not None
        assert self._server.stdout.read(1) == b"."

    def start(self, kind: str) -> None:
        """Start nothing ahead: a fork takes a few milliseconds."""

    def take(
        self, kind: str, command: Sequence[str], *, env: Mapping[str, str], folder: Path
    ) -> Fork | None:
        """Give a job of the app to a fork. None for any other program, which gets a process."""
        if not _is_of_the_app(command[0], env):
            return None
        given = {**variables(folder), **env}
        order = {"command": list(command), "env": given, "folder": str(folder)}
        return Fork(self._address, json.dumps(order).encode() + b"\n")

    def close(self) -> None:
        """End the server."""
        for pipe in (self._server.stdin, self._server.stdout):
            assert pipe is not None
            pipe.close()
        self._server.wait(timeout=30)


def _is_of_the_app(program: str, env: Mapping[str, str]) -> bool:
    """Whether a job brings the app's zip, as its program or beside its script."""
    return program.endswith(".zip") or ".zip" in env.get("PYTHONPATH", "")
