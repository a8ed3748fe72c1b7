"""What the user sees: one tidy line a state, a table at the end, errors in one sentence."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from tessera.insights import figures
from tessera.insights.names import MEDIAN_RECENCY

_TICK_S = 0.1
_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


class CommandFailure(Exception):  # noqa: N818 (what happened)
    """Something failed. The message is for the user as it is."""


class Terminal:
    """Prints progress and results.

    Its reader may stop reading: the command goes on to its end all the same.

    Parameters
    ----------
    out
        Where it goes.
    quiet
        Print nothing but errors and what ``json`` prints.
    results
        Where ``json`` prints. By default it prints to ``out``.
    """

    def __init__(
        self, out: TextIO = sys.stdout, *, quiet: bool = False, results: TextIO | None = None
    ) -> None:
        self._out = out
        self._results = results or out
        self._quiet = quiet
        self._live = out.isatty() and not quiet and os.environ.get("TERM") != "dumb"
        self._lock = threading.RLock()

    def say(self, text: str = "") -> None:
        """Print a line."""
        if not self._quiet:
            self._write(f"{text}\n")

    def json(self, value: object) -> None:
        """Print a result as JSON, quiet or not."""
        text = json.dumps(value, indent=1, ensure_ascii=False, default=str)
        with self._lock, contextlib.suppress(BrokenPipeError):
            print(text, file=self._results, flush=True)

    def _write(self, text: str) -> None:
        with self._lock:
            try:
                self._out.write(text)
                self._out.flush()
            except BrokenPipeError:  # `| head` has seen enough
                self._quiet, self._live = True, False

    def step(self, name: str) -> Step:
        """Begin a step. Use it as a ``with`` block."""
        return Step(self, name)

    def error(self, message: str) -> None:
        """Print an error on standard error, quiet or not."""
        print(f"error: {message}", file=sys.stderr, flush=True)

    def paint(self, text: str) -> None:
        """Show a line that the next one replaces. Prints only on a terminal."""
        if self._live:
            width = shutil.get_terminal_size().columns - 1
            self._write(f"\r\x1b[2K{text[:width]}")

    def wipe(self) -> None:
        """Remove the line that ``paint`` showed."""
        if self._live:
            self._write("\r\x1b[2K")


class Step:
    """One line: moving while the step runs, with its time and outcome when it has ended."""

    def __init__(self, terminal: Terminal, name: str) -> None:
        self._terminal = terminal
        self._name = name
        self._began = time.monotonic()
        self._over = threading.Event()
        self._note = ""
        self._thread = threading.Thread(target=self._move, daemon=True)
        self._thread.start()

    def note(self, text: str) -> None:
        """Say something about the step, at the end of its line."""
        self._note = text

    def done(self, *, failed: bool = False) -> None:
        """End the step."""
        if self._over.is_set():
            return
        self._over.set()
        self._thread.join()
        self._terminal.wipe()
        mark = "✗" if failed else "✓"
        self._terminal.say(f"  {self._line(mark)}")

    def _line(self, mark: str) -> str:
        passed = time.monotonic() - self._began
        return f"{mark} {self._name:<26} {passed:6.1f} s  {self._note}".rstrip()

    def _move(self) -> None:
        frame = 0
        while not self._over.wait(_TICK_S):
            self._terminal.paint(f"  {self._line(_FRAMES[frame % len(_FRAMES)])}")
            frame += 1

    def __enter__(self) -> Step:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self.done(failed=kind is not None)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return lines of a table: the first column to the left, figures to the right."""
    widths = [max(len(row[n]) for row in [header, *rows]) for n in range(len(header))]

    def line(row: Sequence[str]) -> str:
        first, *others = zip(row, widths, strict=True)
        cells = [f"{first[0]:<{first[1]}}", *(f"{text:>{width}}" for text, width in others)]
        return "  " + "  ".join(cells)

    return [line(header), "  " + "  ".join("─" * width for width in widths), *map(line, rows)]


def plan_table(loads: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the table of what would be sent to each destination."""
    header = [
        "Destination",
        "New",
        "Changed",
        "Exits",
        "In place",
        "Segments",
        "Requests",
        "Minutes",
    ]
    rows = []
    for load in loads:
        segments, minutes = load["segments"], load["minutes"]
        rows.append(
            [
                load["destination"],
                *(f"{load[name]:,}" for name in ("adds", "updates", "exits", "unchanged")),
                f"+{segments['adds']} ~{segments['updates']} -{segments['exits']}",
                f"{load['requests']:,}",
                "–" if minutes is None else f"{minutes:,.1f}",
            ]
        )
    return table(header, rows)


def segment_table(score: Mapping[str, Any], *, currency: str) -> list[str]:
    """Return the segments' table from a run's score.json."""
    rows = []
    for item in score["segments"]:
        recency = item["median_recency_days"]
        rows.append(
            [
                item["label"],
                f"{item['customers']:,}",
                f"{item['share']:.1%}",
                f"{float(item['monetary'] or 0):,.2f}",
                f"{item['monetary_share'] or 0:.1%}",
                figures.measure(recency),
            ]
        )
    money = f"Money {currency}".strip()
    return table(["Segment", "Customers", "Share", money, "Share", MEDIAN_RECENCY], rows)
