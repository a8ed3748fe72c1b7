"""``python -m bench score``: the whole Score job for 1 and 10 million customers, twice each.

The first run has nothing to compare with. The second one compares everybody with the first. Memory
must be that of blocks, and hardly grow with customers.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from adapters.aws.container import Container
from bench.measure import Measured, command
from bench.peers import CACHE, ROOT
from bench.report import Ratio, Section, table
from bench.scored_shop import write_earlier_run, write_shop
from steps.score.run import ScoreRun
from steps.score.step import score

SIZES = (1_000_000, 10_000_000)
_MB, _BYTES = 1_000, 30  # at most: at the largest size, and of each further customer


def measure(*, say: Callable[[str], None]) -> Section:
    """Score shops of both sizes."""
    first: dict[int, Measured] = {}
    second: dict[int, Measured] = {}
    for customers in SIZES:
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as root:
            container = Container({"ML_ROOT": root})
            say(f"{customers:,} customers to score")
            write_shop(container, customers)
            first[customers] = _score(root)
            say(f"{customers:,} customers to score again, and to compare")
            write_earlier_run(container)
            second[customers] = _score(root)
    runs = {"first run": first, "with a run before": second}
    lines = table(
        ["", "customers", "processor s", "customers a second", "peak, MB"],
        [_cells(name, *one) for name, measured in runs.items() for one in measured.items()],
    )
    ratios = [ratio for name, measured in runs.items() for ratio in _ratios(name, measured)]
    return Section("The Score job of a large shop", tuple(lines), tuple(ratios))


def _cells(name: str, customers: int, took: Measured) -> list[str]:
    seconds = took.cpu_seconds
    rate = f"{customers / seconds:,.0f}"
    return [name, f"{customers:,}", f"{seconds:.0f}", rate, f"{took.peak_mb:,.0f}"]


def _ratios(name: str, measured: dict[int, Measured]) -> tuple[Ratio, ...]:
    few, many = SIZES
    grown = (measured[many].peak_mb - measured[few].peak_mb) * 2**20 / (many - few)
    return (
        Ratio(f"Score, {name}: peak MB of {many:,}", measured[many].peak_mb, _MB),
        Ratio(f"Score, {name}: bytes of each further customer", grown, _BYTES),
    )


def _score(root: str) -> Measured:
    return command([sys.executable, "-m", "bench.scoring", root], cwd=ROOT)


if __name__ == "__main__":
    record = score(ScoreRun.open(Container({"ML_ROOT": sys.argv[1]})))
    Path(sys.argv[1], "timings.json").write_text(json.dumps(record.timings))
