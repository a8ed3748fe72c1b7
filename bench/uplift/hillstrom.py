"""Hillstrom's experiment: who visits the shop because of an e-mail, beside an oracle."""

from __future__ import annotations

import csv
import dataclasses
import gzip
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from sklearn.model_selection import StratifiedKFold

from tessera.customers.uplift.design import Design
from tessera.customers.uplift.experiment import Codes, Experiment, Floats
from tessera.customers.uplift.learners import LEARNERS, PENALTIES, Learner, fit
from tessera.customers.uplift.learning import learn_uplift
from tessera.customers.uplift.sums import sums_of

_FOLDS, _ORACLES_SEED, _RESAMPLES = 5, 42, 100
_NUMBERS, _TEXTS = ("recency", "history", "mens", "womens", "newbie"), ("zip_code", "channel")
_ORACLES: Mapping[Learner, str] = {
    "two_models": "t_learner/logistic",
    "transformed": "class_transformation/logistic",
}
_PENALTY = PENALTIES[0]  # the oracle's regressions have hardly any


@dataclasses.dataclass(frozen=True, kw_only=True)
class ArmQini:
    """One arm against the control: a learner's Qini coefficient, its error and the oracle's."""

    arm: str
    learner: str
    qini: float
    error: float
    oracle: float | None
    published: str

    @property
    def off(self) -> float:
        """How far it is below the oracle's, in standard errors. Above counts as 0."""
        return max(0.0, (self.oracle or 0.0) - self.qini) / self.error

    @property
    def cells(self) -> list[str]:
        """The row of the table."""
        oracle = "" if self.oracle is None else f"{self.oracle:.4f}"
        return [
            self.arm, self.learner, f"{self.qini:.4f}", f"{self.error:.4f}", oracle, self.published,
        ]  # fmt: skip


def compared(data: Path, *, say: Callable[[str], None]) -> Iterator[ArmQini]:
    """Yield each arm and learner. Nothing where the experiment is not in the folder."""
    path = next(iter(sorted(data.rglob("hillstrom*.csv.gz"))), None)
    if path is None:
        return
    oracle = next(iter(sorted(data.rglob("hillstrom*.json"))), None)
    arms = json.loads(oracle.read_text("utf-8"))["arms"] if oracle else {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    for arm in sorted({row["segment"] for row in rows} - {"No E-Mail"}):
        say(f"Hillstrom, {arm}")
        experiment = _experiment(rows, arm=arm)
        models = arms.get(arm, {}).get("visit_uplift_models", {})
        for learner in LEARNERS:
            score = _unseen_score(experiment, learner=learner)
            known = models.get(_ORACLES[learner])
            yield ArmQini(
                arm=arm,
                learner=learner,
                qini=qini_coefficient(experiment, score),
                error=_error(experiment, score),
                oracle=known["qini_auc"] if known else None,
                published="",
            )
        yield _groups(experiment, arm=arm)


def _groups(experiment: Experiment, *, arm: str) -> ArmQini:
    """Return the groups as they would be published, in the same unit."""
    learnt = learn_uplift(experiment, seed=1)
    people = len(experiment)
    best = experiment.outcome * np.where(experiment.is_treated, 1.0, -1.0)
    unit = people * float(experiment.is_treated.sum()) / _area(experiment, best)
    return ArmQini(
        arm=arm,
        learner="groups",
        qini=learnt.area.value * unit,
        error=learnt.area.error * unit,
        oracle=None,
        published=f"{learnt.decision}, {len(learnt.groups)} groups",
    )


def _experiment(rows: Sequence[Mapping[str, str]], *, arm: str) -> Experiment:
    own = [row for row in rows if row["segment"] in (arm, "No E-Mail")]
    columns = {name: np.array([float(row[name]) for row in own]) for name in _NUMBERS}
    for name in _TEXTS:
        for text in sorted({row[name] for row in own})[1:]:
            columns[f"{name} {text}"] = np.array([float(row[name] == text) for row in own])
    is_treated = np.array([row["segment"] == arm for row in own])
    return Experiment(
        names=tuple(columns),
        matrix=np.column_stack(list(columns.values())),
        is_treated=is_treated,
        share=np.full(len(own), is_treated.mean()),
        outcome=np.array([float(row["visit"]) for row in own]),
    )


def _unseen_score(experiment: Experiment, *, learner: Learner) -> Floats:
    folds = _folds(experiment)
    design = Design.of(experiment.matrix)
    sums = sums_of(experiment, design, folds=folds, count=_FOLDS)
    columns, score = design.block(experiment.matrix), np.empty(len(experiment))
    for fold in range(_FOLDS):
        model = fit(sums.over(set(range(_FOLDS)) - {fold}), learner=learner, penalty=_PENALTY)
        score[folds == fold] = columns[folds == fold] @ model.uplift
    return score


def _folds(experiment: Experiment) -> Codes:
    """Return the oracle's folds: which ones makes as much difference as which learner."""
    folds = np.zeros(len(experiment), np.int16)
    kinds = 2 * experiment.is_treated + experiment.outcome
    split = StratifiedKFold(_FOLDS, shuffle=True, random_state=_ORACLES_SEED)
    for fold, (_, unseen) in enumerate(split.split(experiment.matrix, kinds)):
        folds[unseen] = fold
    return folds


def qini_coefficient(experiment: Experiment, score: Floats) -> float:
    """Return the area above a random choice, as a share of the most that there could be.

    The most: everybody who visited and was treated comes first, and everybody who visited
    untreated last, as scikit-uplift's ``qini_auc_score`` has it.
    """
    best = experiment.outcome * np.where(experiment.is_treated, 1.0, -1.0)
    return _area(experiment, score) / _area(experiment, best)


def _area(experiment: Experiment, score: Floats) -> float:
    order = np.argsort(-score, kind="stable")
    treated, outcome = experiment.is_treated[order], experiment.outcome[order]
    ends = np.append(np.flatnonzero(np.diff(score[order])), len(order) - 1)
    people, visits = np.cumsum(treated), np.cumsum(outcome * treated)
    others, other_visits = np.cumsum(~treated), np.cumsum(outcome * ~treated)
    ratio = np.divide(people, others, out=np.zeros(len(order)), where=others > 0)
    gains = np.append(0.0, (visits - other_visits * ratio)[ends])
    shares = np.append(0, ends + 1)
    return float(np.trapezoid(gains, shares) - gains[-1] * shares[-1] / 2)


def _error(experiment: Experiment, score: Floats) -> float:
    rng = np.random.default_rng(5)
    values = []
    for _ in range(_RESAMPLES):
        rows = rng.integers(0, len(experiment), len(experiment))
        part = dataclasses.replace(
            experiment,
            matrix=experiment.matrix[rows],
            is_treated=experiment.is_treated[rows],
            share=experiment.share[rows],
            outcome=experiment.outcome[rows],
        )
        values.append(qini_coefficient(part, score[rows]))
    return float(np.std(values, ddof=1))
