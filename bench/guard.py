"""``python -m bench guard``: whether a change costs more than a quarter, at small sizes.

Each figure is processor time beside that of pandas on the same events, in the same minute: a slower
or a busier machine slows both. ``guard.toml`` has what each was when it was accepted last. A change
that is worth its cost, or that makes something faster, writes the new figure there.
"""

from __future__ import annotations

import sys
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

from adapters.aws.container import Container
from bench.measure import command, warm
from bench.peers import CACHE, ROOT
from bench.report import Ratio, Section, table
from bench.scored_shop import write_shop
from bench.summaries import events_file

_ACCEPTED = Path(__file__).with_name("guard.toml")
_EVENTS, _CUSTOMERS, _MEMORY_MB = 200_000, 100_000, 512
_ROUNDS = 2
_MORE = 1.25
_PLAIN = "pandas"


def measure(*, say: Callable[[str], None]) -> Section:
    """Measure each part and pandas by turns, and compare with what was accepted last."""
    csv = events_file(_EVENTS, say=say)
    warm(csv)
    least: dict[str, float] = {}
    for number in range(_ROUNDS):
        say(f"round {number + 1} of {_ROUNDS}")
        for name, seconds in _round(csv).items():
            least[name] = min(seconds, least.get(name, seconds))
    accepted = tomllib.loads(_ACCEPTED.read_text("utf-8"))
    rows = [
        [name, f"{took / least[_PLAIN]:.2f}", f"{accepted[name]:.2f}"]
        for name, took in least.items()
        if name != _PLAIN
    ]
    head = ["part", f"processor time, of {_PLAIN}", "accepted last"]
    return Section("What a change costs", tuple(table(head, rows)), tuple(ratios(least, accepted)))


def ratios(seconds: Mapping[str, float], accepted: Mapping[str, float]) -> list[Ratio]:
    """Return each part's processor time of that of pandas, beside the most that is allowed.

    Parameters
    ----------
    seconds
        Of each part, and of pandas.
    accepted
        The ratio of each part when it was accepted last.

    Raises
    ------
    KeyError
        A part has no accepted ratio.
    """
    return [
        Ratio.of_seconds(
            f"{_EVENTS // 1000} k events: processor time of {name}, of {_PLAIN}",
            took,
            seconds[_PLAIN],
            target=round(_MORE * accepted[name], 2),
        )
        for name, took in seconds.items()
        if name != _PLAIN
    ]


def _round(csv: Path) -> dict[str, float]:
    """Return the processor seconds of each part, once."""
    with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
        took = {name: _contender(name, csv, Path(scratch) / name)
                for name in (_PLAIN, "summary", "prepare")}  # fmt: skip
        root = Path(scratch) / "score"
        write_shop(Container({"ML_ROOT": str(root)}), _CUSTOMERS)
        program = [sys.executable, "-m", "bench.scoring", str(root)]
        return {**took, "score": command(program, cwd=ROOT).cpu_seconds}


def _contender(name: str, csv: Path, folder: Path) -> float:
    folder.mkdir()
    own = [sys.executable, "-m", "bench.contenders", name, str(csv), str(folder), str(_MEMORY_MB)]
    return command(own, cwd=ROOT).cpu_seconds
