"""The figures as a table for people, and the ratios with their targets beside them."""

from __future__ import annotations

import dataclasses
import json
import os
import platform
from collections.abc import Mapping, Sequence
from typing import Self

import duckdb
import pandas as pd

from bench.measure import Measured

Figures = Mapping[tuple[int, str], Measured]


@dataclasses.dataclass(frozen=True)
class Ratio:
    """One target and what was measured. ``least`` makes the target a lower bound.

    ``ours`` and ``beside`` are the two figures that it is the ratio of, each with its unit:
    Tessera's, and that of a peer or of the limit. They are empty for a figure that stands alone.
    """

    what: str
    measured: float
    target: float
    least: bool = False
    ours: str = ""
    beside: str = ""

    @classmethod
    def of_seconds(
        cls, what: str, ours: float, beside: float, *, target: float, least: bool = False
    ) -> Self:
        """Return the ratio of two times, how many times as fast ours is where ``least``."""
        ratio = beside / ours if least else ours / beside
        return cls(what, ratio, target, least, ours=f"{ours:.1f} s", beside=f"{beside:.1f} s")

    @property
    def met(self) -> bool:
        """Whether the target was met."""
        return self.measured >= self.target if self.least else self.measured <= self.target

    def cells(self) -> list[str]:
        """Return the row of the table."""
        sign = "≥" if self.least else "≤"
        verdict = "yes" if self.met else "no"
        measured = round(self.measured, 2) + 0.0  # no negative zero
        figures = [self.ours or f"{measured:.2f}", self.beside or "–"]
        return [self.what, *figures, f"{measured:.2f}", f"{sign} {self.target:g}", verdict]


@dataclasses.dataclass(frozen=True)
class Section:
    """What one part found: its title, its lines for people, its targets."""

    title: str
    lines: tuple[str, ...]
    ratios: tuple[Ratio, ...]


def machine() -> str:
    """Return what ran it, and how busy it was."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, pandas "
        f"{pd.__version__}; load average at the start {load:.1f}"
    )


def ratio_table(ratios: Sequence[Ratio]) -> list[str]:
    """Return the table of all parts' ratios."""
    head = ["", "ours", "peer or limit", "ratio", "target", "met"]
    return table(head, [ratio.cells() for ratio in ratios])


def ratio_document(ratios: Sequence[Ratio]) -> str:
    """Return the machine and all parts' ratios as JSON."""
    every = [{**dataclasses.asdict(ratio), "met": ratio.met} for ratio in ratios]
    return json.dumps({"machine": machine(), "ratios": every}, indent=2) + "\n"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a Markdown table whose columns line up in plain text too."""
    every = [list(head), *map(list, rows)]
    widths = [max(len(row[place]) for row in every) for place in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(c.ljust(w) for c, w in zip(cells, widths, strict=True)) + " |"

    return [line(head), "|" + "|".join("-" * (w + 2) for w in widths) + "|", *map(line, rows)]
