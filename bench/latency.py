"""From an upload to its segments: the example through the whole system, as ``make run`` does."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections.abc import Callable, Iterator

from bench.measure import Measured, command
from bench.peers import ROOT
from bench.report import Ratio, Section
from local.app.assembly import CACHE

_WARM_TARGET_S = 15
EXAMPLE = ROOT / "examples" / "online_retail_events.csv.gz"


def measure(*, say: Callable[[str], None]) -> Section:
    """Run the example with nothing synthesized, and again."""
    say("the example, cold and warm")
    cold, again = cold_and_warm()
    line = (
        "From upload to segments through `python -m local run`: "
        f"{cold.seconds:.1f} s cold (synthesizing the app), {again.seconds:.1f} s warm."
    )
    target = Ratio("the example, warm, seconds", again.seconds, _WARM_TARGET_S)
    return Section("The example", (line,), (target,))


def cold_and_warm() -> tuple[Measured, Measured]:
    """Run the example twice: with nothing synthesized, and again with all of it cached."""
    with _without_assembly():
        return _run(), _run()


def _run() -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        out = f"{folder}/out"
        arguments = ["-m", "local", "run", str(EXAMPLE), "--out", out, "--quiet", "--fresh"]
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
