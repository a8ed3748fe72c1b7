"""Generated experiments whose true effects are known."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tessera.customers.uplift.experiment import Experiment, Floats

NAMES = ("recency_days", "frequency", "monetary", "noise")


@dataclasses.dataclass(frozen=True, eq=False)
class Known:
    """An experiment, and each person's true effect on the chance to buy."""

    experiment: Experiment
    effect: Floats


def made(people: int, *, seed: int, strength: float, share: float = 0.7) -> Known:
    """Draw people who react where they were away for 40 to 120 days and bought three times."""
    rng = np.random.default_rng(seed)
    recency, frequency = rng.exponential(60, people).round(), rng.poisson(3, people) + 1.0
    matrix = np.column_stack(
        [recency, frequency, rng.gamma(2, 50, people), rng.normal(size=people)]
    )
    reacts = (recency >= 40) & (recency < 120) & (frequency >= 3)
    effect = strength * (0.02 + 0.12 * reacts)
    is_treated = rng.random(people) < share
    chance = 0.2 + 0.1 * (recency < 30) + effect * is_treated
    bought = rng.random(people) < chance
    experiment = Experiment(
        names=NAMES, matrix=matrix.astype(np.float32), is_treated=is_treated,
        share=np.full(people, share), outcome=bought.astype(np.float64),
    )  # fmt: skip
    return Known(experiment, effect)


@pytest.fixture(scope="session")
def reacting() -> Known:
    return made(40_000, seed=4, strength=1.0)
