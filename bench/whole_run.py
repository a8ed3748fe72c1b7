"""One file through the whole system, as ``python -m local run`` does it: where time and memory go.

Seconds are the steps' own lines. A step that reports its parts is split. Memory is sampled.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.peers import CACHE, ROOT
from bench.report import Ratio, Section, table
from bench.summaries import events_file

_STEP = re.compile(r"^\s+[✓✗] (?P<name>.+?)\s+(?P<seconds>[\d.]+) s(\s|$)")
_SPLIT = {"Prepare": "prepare", "Score": "score"}  # steps by their name in summary.json's timings
_MAY_BE_LARGE = ("read", "summarise", "write")
_MOST = 10.0  # per cent, of anything else
_SAMPLE_S = 0.25
_SYNTHESIZE = "from local.app import assembly; assembly.cached()"
# The local stand-in for Customer Profiles validates every profile in Python and keeps all of them
# in memory: its speed is nobody's.
_SETTINGS = 'destinations = ["export"]\n'


def measure(events: int, *, say: Callable[[str], None]) -> Section:
    """Run a file and split the time."""
    csv = events_file(events, say=say)
    say(f"{events / 1e6:g} M events: the whole run")
    subprocess.run([sys.executable, "-c", _SYNTHESIZE], cwd=ROOT, check=True)  # cached from now on
    with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
        out, settings = Path(scratch) / "out", Path(scratch) / "settings.toml"
        settings.write_text(_SETTINGS, encoding="utf-8")
        program = [sys.executable, "-m", "local", "run", str(csv), "--fresh"]
        run = _Run([*program, "--out", str(out), "--settings", str(settings)])
        summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    rows = list(_parts(run, summary["timings"]))
    lines = table(
        ["step", "seconds", "share", "largest job, MB", "embedded AWS, MB"],
        [
            [name, f"{seconds:.1f}", f"{seconds / run.seconds:.1%}", *run.memory(name)]
            for name, seconds in rows
        ],
    )
    most, name = max((s, n) for n, s in rows if n.partition(": ")[2] not in _MAY_BE_LARGE)
    counted = f"{summary['customers']:,} customers, {run.seconds:.1f} s from command to results."
    largest = f"The largest part but {', '.join(_MAY_BE_LARGE)}: {name}."
    return Section(
        f"The whole offline run of {events / 1e6:g} M events",
        (*lines, "", counted, largest),
        (Ratio("whole run: its largest other part, per cent", 100 * most / run.seconds, _MOST),),
    )


class _Run:
    """A run that has ended: seconds in all and by step, and the memory of each step."""

    def __init__(self, program: list[str]) -> None:
        self.steps: dict[str, float] = {}
        self._peaks: dict[str, list[float]] = {}
        self._peak = [0.0, 0.0]
        began = time.perf_counter()
        with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            over = threading.Event()
            sampler = threading.Thread(target=self._sample, args=(process.pid, over), daemon=True)
            sampler.start()
            assert process.stdout is not None  # noqa: S101 (asked for above)
            for line in process.stdout:
                self._see(line)
            over.set()
            sampler.join()
        self.seconds = time.perf_counter() - began
        if process.returncode:
            raise RuntimeError(f"{' '.join(program)} failed: its own message stands above")

    def memory(self, part: str) -> list[str]:
        """Return the peaks of a step's largest job and of the embedded AWS, on its first line."""
        peaks = self._peaks.pop(part.partition(":")[0], [0.0, 0.0])  # 0: too short for a sample
        return [f"{peak:,.0f}" if peak else "" for peak in peaks]

    def _see(self, line: str) -> None:
        step = _STEP.match(line)
        if step:
            self.steps[step["name"]] = float(step["seconds"])
            self._peaks[step["name"]], self._peak = self._peak, [0.0, 0.0]

    def _sample(self, root: int, over: threading.Event) -> None:
        while not over.wait(_SAMPLE_S):
            jobs, own = _resident_mb(root)
            self._peak = [max(self._peak[0], jobs), max(self._peak[1], own)]


def _resident_mb(root: int) -> tuple[float, float]:
    """Return the memory of the largest descendant of a process, and its own."""
    listed = subprocess.run(
        ["ps", "-axo", "pid=,ppid=,rss="], capture_output=True, check=False, text=True
    ).stdout
    processes = [[int(cell) for cell in line.split()] for line in listed.splitlines()]
    family = {root}
    largest = own = 0
    for pid, parent, rss in sorted(processes):  # a child's number is nearly always the higher one
        if pid == root:
            own = rss
        elif parent in family:
            family.add(pid)
            largest = max(largest, rss)
    return largest / 1024, own / 1024


def _parts(run: _Run, timings: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """Yield each step's seconds, or those of its parts, and then the time between steps."""
    for step, seconds in run.steps.items():
        laps = dict(timings.get(_SPLIT.get(step, ""), {}))
        laps.pop("total_s", None)
        if not laps:
            yield step, seconds
            continue
        for name, took in laps.items():
            yield f"{step}: {name.removesuffix('_s')}", took
        yield f"{step}: starting, files in and out", max(seconds - sum(laps.values()), 0.0)
    between = run.seconds - sum(run.steps.values())
    yield "upload, fetching the results, ending", max(between, 0.0)
