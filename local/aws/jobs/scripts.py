"""Run the scripts of jobs as guarded processes, with their logs where CloudWatch has them."""

from __future__ import annotations

import contextlib
import dataclasses
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from local.aws.events.wakes import Wakes
from local.aws.processes import Child
from local.aws.workers.ways import Worker, WorkerStarter


@dataclasses.dataclass(frozen=True)
class Ending:
    """How a process ended: its status, what it printed, and whether its time was up."""

    code: int
    output: str
    timed_out: bool

    @property
    def last_line(self) -> str:
        """The last line that it printed, which for Python names the error."""
        lines = [line for line in self.output.splitlines() if line.strip()]
        return lines[-1] if lines else ""


class JobRunner:
    """Runs jobs in the background.

    Parameters
    ----------
    work
        The folder for the jobs' files.
    env
        Gives the variables through which a job reaches this embedded AWS.
    client
        Makes a boto3 client of a service.
    workers
        Starts the processes of Python programs.
    """

    def __init__(
        self,
        work: Path,
        *,
        env: Callable[[], Mapping[str, str]],
        client: Callable[[str], Any],
        workers: WorkerStarter,
    ) -> None:
        self.work = work
        self.client = client
        self._env = env
        self.workers = workers
        self.endings = Wakes()
        self._running: dict[str, Worker] = {}
        self._stopped: set[str] = set()
        self._closed = False

    def start(self, job: Callable[[], None], *, failed: Callable[[str], None]) -> None:
        """Run ``job`` in the background. ``failed`` gets the reason when it raises."""

        def run() -> None:
            try:
                job()
            except Exception as error:  # noqa: BLE001 (a job that can't run has failed)
                failed(f"{type(error).__name__}: {error}")
            finally:
                self.endings.add()

        threading.Thread(target=run, daemon=True).start()

    def execute(
        self,
        name: str,
        command: Sequence[str],
        *,
        kind: str,
        env: Mapping[str, str],
        folder: Path,
        timeout_s: float,
        log_group: str,
        online: bool = True,
    ) -> Ending:
        """Run one program to its end.

        Parameters
        ----------
        name
            The job's name: what ``stop`` takes, and its log stream.
        command
            The program. ``python`` and ``python3`` mean this interpreter.
        kind
            processing, training or glue: what it is likely to import.
        env
            The job's own variables.
        folder
            Where it runs.
        timeout_s
            When to stop it.
        log_group
            Where its output goes.
        online
            False for a job without network: it learns no endpoint and no credentials.
        """
        network = self._env() if online else {"AWS_EC2_METADATA_DISABLED": "true"}
        child = self._child(command, kind=kind, env={**network, **env}, folder=folder)
        self._running[name] = child
        output: list[bytes] = []
        reader = threading.Thread(target=lambda: output.extend(child.lines()), daemon=True)
        reader.start()
        if self._closed or name in self._stopped:
            child.kill()
        timed_out = False
        try:
            code = child.wait(timeout_s)
        except subprocess.TimeoutExpired:
            child.kill()
            code, timed_out = -9, True
        reader.join(timeout=5)
        self._running.pop(name, None)
        text = b"".join(output).decode(errors="replace")
        if not self._closed:
            self._log(log_group, f"{name}/algo-1", text)
        return Ending(code, text, timed_out)

    def _child(
        self, command: Sequence[str], *, kind: str, env: Mapping[str, str], folder: Path
    ) -> Worker:
        if Path(command[0]).name not in {"python", "python3"}:
            return Child(command, env=env, cwd=folder)
        return self.workers.job(command[1:], kind=kind, env=env, folder=folder)

    def was_stopped(self, name: str) -> bool:
        """Return whether ``stop`` was called for the job."""
        return name in self._stopped

    def stop(self, name: str) -> None:
        """End a job."""
        self._stopped.add(name)
        child = self._running.get(name)
        if child is not None:
            child.kill()

    def close(self) -> None:
        """End every job."""
        self._closed = True
        for child in list(self._running.values()):
            child.kill()

    def _log(self, group: str, stream: str, text: str) -> None:
        logs = self.client("logs")
        with contextlib.suppress(logs.exceptions.ResourceAlreadyExistsException):
            logs.create_log_group(logGroupName=group)
        with contextlib.suppress(logs.exceptions.ResourceAlreadyExistsException):
            logs.create_log_stream(logGroupName=group, logStreamName=stream)
        now = int(time.time() * 1000)
        events = [{"timestamp": now, "message": line} for line in text.splitlines() if line]
        for start in range(0, len(events), 1000):
            logs.put_log_events(
                logGroupName=group, logStreamName=stream, logEvents=events[start : start + 1000]
            )
