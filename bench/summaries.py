"""From events to one row a customer: ours beside plain tools, peers, and the limit."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from bench import compiled
from bench.equality import assert_equal, assert_equal_histories, assert_equal_purchases
from bench.generate import generate
from bench.measure import Measured, command, median, warm
from bench.peers import CACHE, ROOT, PeerMissing, interpreter
from bench.report import Figures, Ratio, Section, table

FULL = 30_000_000
_MOST_MB = 1_300
_SMALL = 2_000_000  # up to here the median of three runs
_OURS = ("count", "summary", "prepare", "pandas")
_PEERS = {"lifetimes": "lifetimes", "pymc": "pymc-marketing"}
_NAMES = {
    "count": "DuckDB, bare `count(*)`",
    "compiled": "a compiled single pass, nothing checked",
    "summary": "Tessera: read, check, summarise",
    "prepare": "Tessera: the whole of Prepare",
    "pandas": "pandas, read and summarise",
    "lifetimes": "lifetimes, read with pandas and summarise",
    "pymc": "PyMC-Marketing, read with pandas and summarise",
}
_EQUAL: Mapping[str, Callable[[Path, Path], int]] = {
    "prepare": assert_equal,
    "pandas": assert_equal,
    "lifetimes": assert_equal_histories,
    "pymc": assert_equal_histories,
    "compiled": assert_equal_purchases,
}
Say = Callable[[str], None]


def measure(sizes: Sequence[int], *, memory_mb: int, say: Say) -> Section:
    """Measure every way at every size. Only the largest with pandas has the peers and the limit."""
    compared = max((size for size in sizes if size < FULL), default=0)
    measured: dict[tuple[int, str], Measured] = {}
    notes: list[str] = []
    for events in sizes:
        names = [name for name in _OURS if name != "pandas" or events < FULL]
        others = ["compiled", *_PEERS] if events == compared else []
        one_size = _OneSize(events, memory_mb=memory_mb, say=say)
        with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            figures_by_name, missing = one_size.run([*names, *others], Path(scratch))
        measured |= {(events, name): figures for name, figures in figures_by_name.items()}
        notes += missing
    title = "Events to customers"
    lines = (*_figures(measured), *(["", *notes] if notes else []))
    return Section(title, lines, tuple(_ratios(measured)))


def events_file(events: int, *, say: Say) -> Path:
    """Return a file of so many events, made on first use."""
    path = CACHE / f"events-{events}.csv"
    if not path.exists():
        say(f"{events / 1e6:g} M events: generating")
        CACHE.mkdir(parents=True, exist_ok=True)
        generate(events, path.with_suffix(".making")).rename(path)
    return path


class _OneSize:
    """One file, and every way to summarise it."""

    def __init__(self, events: int, *, memory_mb: int, say: Say) -> None:
        self._csv = events_file(events, say=say)
        self._times = 3 if events <= _SMALL else 1
        self._memory_mb = memory_mb
        self._size, self._report = f"{events / 1e6:g} M events", say

    def run(self, names: Sequence[str], scratch: Path) -> tuple[dict[str, Measured], Sequence[str]]:
        """Measure each way. Return the figures, and why others are omitted."""
        measured: dict[str, Measured] = {}
        missing = []
        for name in names:
            try:
                measured[name] = self._one(name, scratch / name)
            except PeerMissing as why:
                missing.append(f"{_NAMES[name]} is omitted: {why}")
        for name in (name for name in measured if name in _EQUAL):
            theirs = next((scratch / name).glob("customers.*"))
            count = _EQUAL[name](scratch / "summary" / "customers.parquet", theirs)
            self._say(f"all {count} customers of {name} equal ours")
        return measured, missing

    def _say(self, line: str) -> None:
        self._report(f"{self._size}: {line}")

    def _one(self, name: str, folder: Path) -> Measured:
        program = self._program(name, folder)
        self._say(name)

        def once() -> Measured:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            warm(self._csv)
            return _without_imports(command(program, cwd=ROOT), folder)

        return median(once, times=self._times if name in _OURS else 1)

    def _program(self, name: str, folder: Path) -> list[str]:
        if name == "compiled":
            return compiled.command(self._csv, folder)
        if peer := _PEERS.get(name):
            script = str(Path(__file__).with_name("peer_contenders.py"))
            return [str(interpreter(peer)), script, peer, "summary", str(self._csv), str(folder)]
        own = [sys.executable, "-m", "bench.contenders", name]
        return [*own, str(self._csv), str(folder), str(self._memory_mb)]


def _without_imports(measured: Measured, folder: Path) -> Measured:
    """Take a peer's own word for its time: importing it can take longer than its work."""
    result = folder / "result.json"
    if not result.exists():
        return measured
    took = json.loads(result.read_text())
    return Measured(took["seconds"], took["cpu_seconds"], measured.peak_mb)


def _figures(measured: Figures) -> list[str]:
    rows = [
        [
            f"{events / 1e6:g} M",
            _NAMES[name],
            f"{figure.seconds:.1f}",
            f"{figure.cpu_seconds:.1f}",
            f"{events / figure.seconds / 1000:,.0f} k",
            f"{figure.peak_mb:,.0f}",
        ]
        for (events, name), figure in measured.items()
    ]
    return table(["events", "way", "seconds", "processor s", "events/s", "peak MB"], rows)


def _ratios(measured: Figures) -> list[Ratio]:
    """Return every ratio that the measured figures allow."""
    sizes = sorted({events for events, _ in measured})
    ratios = [ratio for events in sizes for ratio in _of_size(measured, events)]
    if len(sizes) > 1 and sizes[-1] >= 2 * sizes[-2] and sizes[-1] > 10_000_000:
        most, before = (measured[events, "prepare"].peak_mb for events in (sizes[-1], sizes[-2]))
        what = f"memory at {sizes[-1] / 1e6:g} M, of that at {sizes[-2] / 1e6:g} M"
        ratios.append(Ratio(what, most / before, 1.3))
    return ratios


def _of_size(measured: Figures, events: int) -> list[Ratio]:
    size = f"{events / 1e6:g} M"
    of_events = {name: took for (count, name), took in measured.items() if count == events}
    ratios = [*_of_tools(of_events, size, is_large=events > _SMALL), *_of_limit(of_events, size)]
    if events == 10_000_000:
        most = of_events["prepare"].peak_mb
        ratios.append(Ratio(f"{size}: peak MB of Prepare", most, _MOST_MB))
    return ratios


def _of_tools(measured: Mapping[str, Measured], size: str, *, is_large: bool) -> Iterator[Ratio]:
    """Return how much faster and smaller ours is than peers and plain tools."""
    ours = measured["summary"]
    for name, target in (("pandas", 9 if is_large else 8), ("lifetimes", 6), ("pymc", 6)):
        if theirs := measured.get(name):
            what = f"{size}: times as fast as {_NAMES[name].partition(',')[0]}"
            yield Ratio.of_seconds(what, ours.seconds, theirs.seconds, target=target, least=True)
    if theirs := measured.get("pandas"):
        memory, beside = f"{ours.peak_mb:,.0f} MB", f"{theirs.peak_mb:,.0f} MB"
        share = ours.peak_mb / theirs.peak_mb
        what = f"{size}: memory, of pandas' memory"
        yield Ratio(what, share, 0.5, ours=memory, beside=beside)


def _of_limit(measured: Mapping[str, Measured], size: str) -> Iterator[Ratio]:
    """Return how far ours is from a bare count, and from a compiled pass that checks nothing."""
    ours, whole = measured["summary"], measured["prepare"]
    for name, limit in (("count", "the bare count(*)"), ("compiled", "the compiled single pass")):
        if theirs := measured.get(name):
            what = f"{size}: time, of {limit}"
            yield Ratio.of_seconds(what, ours.seconds, theirs.seconds, target=3)
    if compiled_pass := measured.get("compiled"):
        least = compiled_pass.cpu_seconds
        for part, took, target in (("read, check, summarise", ours, 4), ("Prepare", whole, 8)):
            what = f"{size}: processor time of {part}, of the compiled single pass"
            yield Ratio.of_seconds(what, took.cpu_seconds, least, target=target)
