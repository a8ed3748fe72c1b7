"""The figures as a table for people, and the ratios with their targets beside them."""

from __future__ import annotations

import dataclasses
import os
import platform
from collections.abc import Mapping, Sequence

import duckdb
import pandas as pd

from bench.measure import Measured

NAMES = {
    "count": "DuckDB, bare `count(*)`",
    "summary": "Tessera: read, check, summarise",
    "prepare": "Tessera: the whole of Prepare",
    "pandas": "pandas, read and summarise",
}
Figures = Mapping[tuple[int, str], Measured]


@dataclasses.dataclass(frozen=True)
class Ratio:
    """One target and what was measured; ``least`` says which side of the target is good."""

    what: str
    measured: float
    target: float
    least: bool = False

    @property
    def met(self) -> bool:
        """Whether the target was met."""
        return self.measured >= self.target if self.least else self.measured <= self.target

    def cells(self) -> list[str]:
        """Return the row of the table."""
        sign = "≥" if self.least else "≤"
        verdict = "yes" if self.met else "no"
        return [self.what, f"{self.measured:.2f}", f"{sign} {self.target:g}", verdict]


def machine() -> str:
    """Return what ran it, and how busy it was."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, pandas "
        f"{pd.__version__}; load average at the start {load:.1f}"
    )


def figures(measured: Figures) -> list[str]:
    """Return the table of figures."""
    rows = [
        [
            f"{events / 1e6:g} M",
            NAMES[name],
            f"{figure.seconds:.1f}",
            f"{figure.cpu_seconds:.1f}",
            f"{events / figure.seconds / 1000:,.0f} k",
            f"{figure.peak_mb:,.0f}",
        ]
        for (events, name), figure in measured.items()
    ]
    head = ["events", "way", "seconds", "processor s", "events/s", "peak MB"]
    return table(head, rows)


def ratios(measured: Figures) -> list[Ratio]:
    """Return every ratio that the measured figures allow."""
    found = []
    sizes = sorted({events for events, _ in measured})
    for events in sizes:
        ours, size = measured[events, "summary"], f"{events / 1e6:g} M"
        if theirs := measured.get((events, "pandas")):
            faster = theirs.seconds / ours.seconds
            found.append(Ratio(f"{size}: times as fast as pandas", faster, 8, least=True))
            share = ours.peak_mb / theirs.peak_mb
            found.append(Ratio(f"{size}: memory, of pandas' memory", share, 0.5))
        bare = measured[events, "count"]
        found.append(Ratio(f"{size}: time, of the bare count(*)", ours.seconds / bare.seconds, 3))
    if len(sizes) > 1 and sizes[-1] >= 2 * sizes[-2] and sizes[-1] > 10_000_000:
        most, before = (measured[events, "prepare"].peak_mb for events in (sizes[-1], sizes[-2]))
        what = f"memory at {sizes[-1] / 1e6:g} M, of that at {sizes[-2] / 1e6:g} M"
        found.append(Ratio(what, most / before, 1.3))
    return found


def ratio_table(found: Sequence[Ratio]) -> list[str]:
    """Return the table of ratios."""
    return table(["ratio", "measured", "target", "met"], [ratio.cells() for ratio in found])


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a Markdown table whose columns line up in plain text too."""
    every = [list(head), *map(list, rows)]
    widths = [max(len(row[place]) for row in every) for place in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(c.ljust(w) for c, w in zip(cells, widths, strict=True)) + " |"

    return [line(head), "|" + "|".join("-" * (w + 2) for w in widths) + "|", *map(line, rows)]
