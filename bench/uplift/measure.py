"""``python -m bench uplift``: who reacts, learnt on a million generated people.

With ``--data DIR``, whose ``hillstrom*.csv.gz`` is the public e-mail experiment of Kevin Hillstrom
(2008) and ``hillstrom*.json`` an oracle's Qini coefficients for the same rows, its visits too.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bench.measure import command
from bench.report import Ratio, Section, table
from bench.uplift.hillstrom import compared
from tessera.customers.uplift.experiment import Experiment
from tessera.customers.uplift.learning import learn_uplift
from tessera.customers.uplift.learnt import LearntUplift

PEOPLE = 1_000_000
_COLUMNS = 10
_SECONDS, _MEMORY_MB, _ERRORS = 60, 1_000, 2.0
_ROOT = Path(__file__).parents[2]


def measure(data: Path | None, *, say: Callable[[str], None]) -> Section:
    """Learn on generated people in a process apart, and on Hillstrom's where they are."""
    say(f"{PEOPLE:,} people: who reacts")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report"
        took = command([sys.executable, "-m", "bench.uplift.measure", str(report)], cwd=_ROOT)
        seconds, words = report.read_text("utf-8").split("\n", 1)
    lines = [
        f"{PEOPLE:,} people of {_COLUMNS} columns: learnt and judged in {float(seconds):.1f} "
        f"processor s, peak {took.peak_mb:,.0f} MB with the data. {words}",
    ]
    ratios = [
        Ratio("uplift: processor seconds of learning", float(seconds), _SECONDS),
        Ratio("uplift: peak MB", took.peak_mb, _MEMORY_MB),
    ]
    rows = list(compared(data, say=say)) if data else []
    if rows:
        head = ["arm", "learner", "Qini", "error", "the oracle's", "published"]
        lines += ["", *table(head, [one.cells for one in rows])]
        ratios += [
            Ratio(f"{one.arm}, {one.learner}: Qini off in errors", one.off, _ERRORS)
            for one in rows
            if one.oracle is not None
        ]
    return Section("Who reacts", tuple(lines), tuple(ratios))


def generated(people: int, *, seed: int) -> Experiment:
    """Draw people who react where they were away for 40 to 120 days and bought three times."""
    rng = np.random.default_rng(seed)
    recency, frequency = rng.exponential(60, people).round(), rng.poisson(3, people) + 1.0
    more = rng.exponential(1, (people, _COLUMNS - 2))
    matrix = np.column_stack([recency, frequency, more]).astype(np.float32)
    is_treated = rng.random(people) < 0.9
    effect = 0.02 + 0.08 * ((recency >= 40) & (recency < 120) & (frequency >= 3))
    bought = rng.random(people) < 0.2 + 0.1 * (recency < 30) + effect * is_treated
    return Experiment(
        names=("recency_days", "frequency", *(f"more_{place}" for place in range(_COLUMNS - 2))),
        matrix=matrix,
        is_treated=is_treated,
        share=np.full(people, 0.9),
        outcome=np.where(bought, 50.0, 0.0),
    )


def timed() -> tuple[float, LearntUplift]:
    """Return the processor seconds of learning, and what was learnt."""
    experiment = generated(PEOPLE, seed=7)
    rankings = {"churn risk": experiment.column("recency_days")}
    began = time.process_time()
    learnt = learn_uplift(experiment, seed=1, rankings=rankings)
    return time.process_time() - began, learnt


if __name__ == "__main__":
    took_s, made = timed()
    Path(sys.argv[1]).write_text(f"{took_s}\n{made.decision}: {made.reason}", "utf-8")
