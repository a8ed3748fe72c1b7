"""One process, measured from outside: its seconds, its processor time, the memory it peaked at."""

from __future__ import annotations

import dataclasses
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

_KIB = 1024 if sys.platform == "darwin" else 1  # macOS counts ru_maxrss in bytes
_BLOCK = 16 << 20


@dataclasses.dataclass(frozen=True)
class Measured:
    """What a process took: wall seconds, processor seconds, peak resident MB."""

    seconds: float
    cpu_seconds: float
    peak_mb: float


def command(arguments: Sequence[str], *, cwd: Path) -> Measured:
    """Run a program to its end and measure it.

    A process begins with the peak of the one that started it, so a small one starts it.

    Raises
    ------
    RuntimeError
        It failed. The message ends with its last lines.
    """
    with tempfile.TemporaryFile() as log, tempfile.NamedTemporaryFile() as report:
        small = [sys.executable, "-I", "-S", __file__, report.name]
        done = subprocess.run([*small, *arguments], cwd=cwd, stdout=log, stderr=log, check=False)
        if done.returncode:
            log.seek(0)
            tail = log.read()[-2000:].decode(errors="replace")
            raise RuntimeError(f"{' '.join(arguments)} failed:\n{tail}")
        return Measured(**json.loads(report.read()))


def _start(report: Path, arguments: Sequence[str]) -> int:
    """Run a program, write down what it took, return its exit status."""
    began = time.perf_counter()
    process = subprocess.Popen(arguments)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    took = Measured(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / _KIB / 1024)
    report.write_text(json.dumps(dataclasses.asdict(took)))
    return abs(process.returncode)


def warm(path: Path) -> None:
    """Read a file once, so that every contender finds it in memory."""
    with path.open("rb", buffering=0) as file:
        while file.read(_BLOCK):
            pass


def median(measure: Callable[[], Measured], *, times: int) -> Measured:
    """Return the median of each figure over some runs."""
    runs = [measure() for _ in range(times)]
    return Measured(
        statistics.median(run.seconds for run in runs),
        statistics.median(run.cpu_seconds for run in runs),
        statistics.median(run.peak_mb for run in runs),
    )


if __name__ == "__main__":
    sys.exit(_start(Path(sys.argv[1]), sys.argv[2:]))
