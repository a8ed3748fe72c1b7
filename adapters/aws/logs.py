"""Structured logs: one JSON line per decision, with tenant, run id and step.

This module owns the format. Jobs write it with the standard library alone, and functions through
Powertools (``function_logs``), with the same fields.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from traceback import extract_tb
from typing import Protocol

from tessera.errors import TesseraError
from tessera.insights.scrub import scrub

SERVICE = "tessera"
Fact = str | int | float | bool | None
Write = Callable[[str, str, dict[str, Fact]], None]


class Decided(Protocol):
    """Logs a decision: what was decided, and the facts behind it."""

    def __call__(self, message: str, **facts: Fact) -> None:
        """Write one line."""


class StepLog:
    """The log of one step of a run.

    Parameters
    ----------
    step
        The state of the state machine, or the function that people call.
    write
        Takes a level, a message and the other fields.
    tenant, run_id
        Empty until they are known.
    """

    def __init__(self, step: str, *, write: Write, tenant: str = "", run_id: str = "") -> None:
        self._step = step
        self._write = write
        self._tenant = tenant
        self._run_id = run_id
        self._began = time.perf_counter()

    def bind(self, *, tenant: str, run_id: str) -> None:
        """Name the run, for all lines from now on."""
        self._tenant, self._run_id = tenant, run_id

    def decided(self, message: str, **facts: Fact) -> None:
        """Write one line.

        Texts lose addresses and phone numbers. Never pass an id or a name of a customer: counts
        say what happened.
        """
        self._line("INFO", message, facts)

    def failed(self, error: BaseException) -> None:
        """Write why the step failed.

        Only our own errors have messages that are safe to print. Of others it is the type and the
        place in the code.
        """
        ours = isinstance(error, TesseraError)
        facts: dict[str, Fact] = {"error": type(error).__name__, "place": _place(error)}
        self._line("ERROR", str(error) if ours else "the step failed", facts)

    def _line(self, level: str, message: str, facts: dict[str, Fact]) -> None:
        run: dict[str, Fact] = {
            "tenant": self._tenant,
            "run_id": self._run_id,
            "step": self._step,
            "seconds": round(time.perf_counter() - self._began, 3),
        }
        clean = {name: scrub(v) if isinstance(v, str) else v for name, v in facts.items()}
        self._write(level, scrub(message), run | clean)


@contextlib.contextmanager
def job_log(step: str, *, tenant: str = "", run_id: str = "") -> Iterator[StepLog]:
    """Give the log of a job. An error is logged and passes through."""
    log = StepLog(step, write=print_line, tenant=tenant, run_id=run_id)
    try:
        yield log
    except Exception as error:
        log.failed(error)
        raise


def print_line(level: str, message: str, fields: dict[str, Fact]) -> None:
    """Print a line as the functions' logger does."""
    line = {
        "level": level,
        "message": message,
        "timestamp": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
        "service": SERVICE,
        **fields,
    }
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _place(error: BaseException) -> str:
    frames = extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "-packages" not in frame.filename] or frames
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
