"""Hillstrom's e-mail experiment, beside average effects that another package computed.

The data may not be shipped. ``--data DIR`` names a folder that has it anywhere below, and the
other package's figures beside it as ``hillstrom*.json``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from bench.report import Ratio
from tessera.campaigns.planning.candidates import Floats, Mask
from tessera.campaigns.results.statistics.inference import FIXED_Z
from tessera.campaigns.results.statistics.intervals import Difference, newcombe, welch
from tessera.campaigns.results.statistics.past_spend import adjusted, winsorised

HEAD = ("Arm", "Outcome", "Held out", "Effect", "95 % interval", "Other package", "By past spend")
_Other = Mapping[str, float]  # empty where there is none
_CONTROL = "No E-Mail"
_SHARES, _MONEY = ("visit", "conversion"), "spend"
_CLOSE = 1e-5  # the other figures have six digits


def rows_and_ratios(folder: Path) -> tuple[list[list[str]], list[Ratio]]:
    """Return the table's rows, and how far effects are from the other package's.

    Empty where the folder has no such data.
    """
    data = next(iter(sorted(folder.rglob("hillstrom*.csv.gz"))), None)
    others = next(iter(sorted(folder.rglob("hillstrom*.json"))), None)
    if data is None:
        return [], []
    people = pd.read_csv(data)
    oracle = json.loads(others.read_text(encoding="utf-8"))["arms"] if others else {}
    rows: list[list[str]] = []
    ratios: list[Ratio] = []
    for arm in sorted(set(people["segment"]) - {_CONTROL}):
        both = people[people["segment"].isin([arm, _CONTROL])]
        treated = (both["segment"] == arm).to_numpy()
        for outcome in (*_SHARES, _MONEY):
            made, narrowed = _effect(both, treated, outcome)
            other = oracle.get(arm, {}).get("effects", {}).get(outcome, {})
            rows.append(_row(arm, outcome, treated, made, other=other, narrowed=narrowed))
            ratios += _ratios(f"{arm}, {outcome}", made, other)
    return rows, ratios


def _effect(both: pd.DataFrame, treated: Mask, outcome: str) -> tuple[Difference, str]:
    values = both[outcome].to_numpy(np.float64)
    if outcome in _SHARES:
        count = (int(values[treated].sum()), int(values[~treated].sum()))
        return newcombe(count, (int(treated.sum()), int((~treated).sum()))), ""
    before = winsorised(both["history"].to_numpy(np.float64))
    less, removed = adjusted(values, before, treated=treated)
    narrowed = welch(less[treated], less[~treated])
    return _welch(values, treated), f"{_interval(narrowed)}, {removed:.1%} of the variance"


def _welch(values: Floats, treated: Mask) -> Difference:
    return welch(values[treated], values[~treated])


def _row(
    arm: str, outcome: str, treated: Mask, made: Difference, *, other: _Other, narrowed: str
) -> list[str]:
    theirs = f"{other['effect']:+.5f} ± {FIXED_Z * other['se']:.5f}" if other else "–"
    held_out = f"{int((~treated).sum()):,} of {len(treated):,}"
    return [arm, outcome, held_out, f"{made.value:+.5f}", _interval(made), theirs, narrowed]


def _interval(made: Difference) -> str:
    return f"{made.low:+.5f} to {made.high:+.5f}"


def _ratios(name: str, made: Difference, other: _Other) -> Iterator[Ratio]:
    if other:
        off = abs(made.value - other["effect"]) / _CLOSE
        yield Ratio(f"{name}: effect less the other package's, in 0.00001", off, 1)
        reach = (made.high - made.low) / 2 / (FIXED_Z * other["se"])
        yield Ratio(f"{name}: width of the interval beside theirs, off by", abs(reach - 1), 0.02)
