"""``python -m bench``: measure Prepare against plain tools, in one run, on this machine."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from bench import report
from bench.equality import assert_equal
from bench.generate import generate
from bench.latency import ROOT, cold_and_warm
from bench.measure import Measured, command, median, warm

CACHE = ROOT / ".cache" / "bench"
FULL = 30_000_000
_SMALL = 2_000_000  # up to here the median of three runs
_WARM_TARGET = 15


def main() -> int:
    """Print the tables; return 1 when a target was missed."""
    options = _options()
    sizes = sorted({*options.events, *([FULL] if options.full else [])})
    lines = [report.machine(), ""]
    measured: dict[tuple[int, str], Measured] = {}
    for events in sizes:
        _measure(events, measured, memory_mb=options.memory_mb)
    lines += [*report.figures(measured), ""]
    ratios = report.ratios(measured)
    if options.latency:
        cold, again = cold_and_warm()
        lines += [
            "The example, from upload to segments through `python -m local run`: "
            f"{cold.seconds:.1f} s cold (synthesizing the app), {again.seconds:.1f} s warm.",
            "",
        ]
        ratios.append(report.Ratio("the example, warm, seconds", again.seconds, _WARM_TARGET))
    lines += report.ratio_table(ratios)
    text = "\n".join(lines) + "\n"
    sys.stdout.write("\n" + text)
    if options.markdown:
        options.markdown.write_text(text, encoding="utf-8")
    return 0 if all(ratio.met for ratio in ratios) else 1


def _measure(events: int, measured: dict[tuple[int, str], Measured], *, memory_mb: int) -> None:
    csv = _cached(events)
    names = [name for name in report.NAMES if name != "pandas" or events < FULL]
    times = 3 if events <= _SMALL else 1
    with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
        customers: dict[str, Path] = {}
        for name in names:
            runs = iter(range(times))

            def once(name: str = name, runs: object = runs) -> Measured:
                folder = Path(scratch) / f"{name}-{next(runs)}"  # type: ignore[call-overload]
                folder.mkdir()
                customers[name] = folder / "customers.parquet"
                warm(csv)
                program = [sys.executable, "-m", "bench.contenders", name]
                return command([*program, str(csv), str(folder), str(memory_mb)], cwd=ROOT)

            _say(f"{events / 1e6:g} M events: {name}")
            measured[events, name] = median(once, times=times)
        if "pandas" in names:
            for name in ("summary", "prepare"):
                count = assert_equal(customers[name], customers["pandas"])
            _say(f"{events / 1e6:g} M events: all {count} customers equal pandas'")


def _cached(events: int) -> Path:
    path = CACHE / f"events-{events}.csv"
    if not path.exists():
        _say(f"{events / 1e6:g} M events: generating")
        CACHE.mkdir(parents=True, exist_ok=True)
        generate(events, path.with_suffix(".making")).rename(path)
    return path


def _say(line: str) -> None:
    load = os.getloadavg()[0]
    sys.stderr.write(f"{line} (load {load:.1f})\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--events", type=int, nargs="+", default=[1_000_000, 10_000_000], help="how many, each"
    )
    parser.add_argument("--full", action="store_true", help="30 M events too, without pandas")
    parser.add_argument(
        "--memory-mb", type=int, default=1024, help="the engine's limit, as in Prepare's container"
    )
    parser.add_argument(
        "--no-latency", dest="latency", action="store_false", help="leave the example out"
    )
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables there too")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
