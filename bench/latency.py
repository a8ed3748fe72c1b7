"""From an upload to its segments: the example through the whole system, as ``make run`` does."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measure import Measured, command
from local.assembly import CACHE

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "online_retail_events.csv.gz"


def cold_and_warm() -> tuple[Measured, Measured]:
    """Run the example twice: with nothing synthesized, and again with all of it cached."""
    with _without_assembly():
        return _run(), _run()


def _run() -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["-m", "local", "run", str(EXAMPLE), "--out", f"{folder}/out", "--quiet"]
        return command([sys.executable, *arguments], cwd=ROOT)


@contextlib.contextmanager
def _without_assembly() -> Iterator[None]:
    """Hide synthesized assemblies for as long as it lasts."""
    hidden = CACHE.with_name(f"{CACHE.name}.hidden")
    if not CACHE.exists():
        yield
        return
    CACHE.rename(hidden)
    try:
        yield
    finally:
        for made in CACHE.iterdir() if CACHE.exists() else ():
            if not (hidden / made.name).exists():
                made.rename(hidden / made.name)
        if CACHE.exists():
            for left in CACHE.iterdir():
                left.rename(hidden / f".left-{left.name}")
            CACHE.rmdir()
        hidden.rename(CACHE)
