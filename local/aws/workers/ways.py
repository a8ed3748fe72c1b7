"""What starts the processes of jobs and functions: as new ones, or as forks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Protocol


class Worker(Protocol):
    """A process."""

    @property
    def stdin(self) -> IO[bytes]:
        """Where to write what it reads."""

    def lines(self) -> Iterator[bytes]:
        """Yield what it prints, standard error included, until it ends."""

    def wait(self, timeout_s: float | None = None) -> int:
        """Wait for its end. Return its exit status. Raises subprocess.TimeoutExpired."""

    def kill(self) -> None:
        """End it and everything that it started."""


class WorkerStarter(Protocol):
    """Starts the processes of one embedded AWS."""

    def expect_job(self, kind: str) -> None:
        """Do ahead what a job of this kind will need."""

    def expect_function(self, folder: Path, handler: str) -> bool:
        """Do ahead what a function will need. Return whether it need not be started ahead."""

    def job(
        self, command: Sequence[str], *, kind: str, env: Mapping[str, str], folder: Path
    ) -> Worker:
        """Start a job's Python program."""

    def function(
        self, folder: Path, handler: str, *, env: Mapping[str, str], home: Path, replies: int
    ) -> Worker:
        """Start a function, which replies at a descriptor."""

    def close(self) -> None:
        """End what was done ahead."""
