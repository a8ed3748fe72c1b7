"""Jobs' processes started ahead of the jobs, as a warm pool of containers is.

An interpreter that imports scikit-learn takes longer than many a job. While one state's job runs,
the next one's process can import.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from local.aws.processes import Child, variables

_WORKER = Path(__file__).with_name("job_worker.py")
_TABLES = ("boto3", "duckdb", "pyarrow.parquet", "pyarrow.compute")
_MODELS = ("scipy.optimize", "scipy.special")
# What the jobs of each kind import. A job that needs less of it loses nothing.
MODULES = {
    "processing": (*_TABLES, *_MODELS),
    "training": ("sklearn.cluster", "pyarrow.parquet"),
    "glue": _TABLES,
}


class Spares:
    """Processes that wait for a job, by the kind of job."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self._waiting: dict[str, list[Child]] = defaultdict(list)
        self._lock = threading.Lock()
        self._count = 0
        self._closed = False

    def start(self, kind: str) -> None:
        """Start one more process and wait until it has imported."""
        with self._lock:
            if self._closed:
                return
            self._count += 1
            home = self._work / "spares" / str(self._count)
            home.mkdir(parents=True)
            reader, writer = os.pipe()
            child = Child(
                [sys.executable, str(_WORKER), str(writer), *MODULES[kind]],
                env={}, cwd=home, stdin=subprocess.PIPE, pass_fds=[writer],
            )  # fmt: skip
            os.close(writer)
            self._waiting[kind].append(child)
        with os.fdopen(reader, "rb") as ready:
            ready.read(1)

    def take(
        self, kind: str, command: Sequence[str], *, env: Mapping[str, str], folder: Path
    ) -> Child | None:
        """Give a job to a waiting process and return it, None when none waits."""
        with self._lock:
            if not self._waiting[kind]:
                return None
            child = self._waiting[kind].pop(0)
        given = {**variables(folder), **env}
        order = {"command": list(command), "env": given, "folder": str(folder)}
        try:
            child.stdin.write(json.dumps(order).encode() + b"\n")
            child.stdin.close()
        except BrokenPipeError:
            child.kill()
            return None
        return child

    def close(self) -> None:
        """End every process that waits."""
        with self._lock:
            self._closed = True
            for children in self._waiting.values():
                for child in children:
                    child.kill()
                    list(child.lines())  # which closes its pipe: nobody has read it
            self._waiting.clear()
