"""Train a churn model: choose, calibrate, and test the whole procedure on other customers.

Cancellations are rare, and this must not show in the probabilities: every customer has the same
weight and none is drawn twice or omitted, because reweighted or resampled training predicts a
shop that does not exist. Rarity is met by folds with equal shares of cancellations, by a least
number of them, by the log loss as the criterion (it asks for probabilities, not for yes or no),
and by calibration on customers that the scorers have not seen.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import threadpoolctl  # type: ignore[import-untyped]
from scipy.special import logit
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from tessera.customers.subscriptions.attributes import Bools, Floats, Ints
from tessera.customers.subscriptions.encoding import Encoding
from tessera.customers.subscriptions.logistic_fit import fit_logistic
from tessera.customers.subscriptions.model import (
    KINDS,
    Calibration,
    ChurnModel,
    Scorer,
)
from tessera.customers.subscriptions.quality import calibration_table, measure
from tessera.customers.subscriptions.tree_fit import fit_boosting
from tessera.records.scoring.churn import Quality, RiskGroup

FOLDS = 5
_INNER_FOLDS = 3
_SCORERS = ("logistic", "boosting")
_DIGITS = 9
_WEAK = 1e6  # inverse strength of the penalty: none in effect


@dataclasses.dataclass(frozen=True)
class TrainingRows:
    """Encoded customers and what became of them."""

    encoding: Encoding
    matrix: Floats
    cancelled: Bools

    def take(self, rows: Ints) -> TrainingRows:
        """Return some of the customers."""
        return TrainingRows(
            self.encoding, np.asfortranarray(self.matrix[rows]), self.cancelled[rows]
        )


@dataclasses.dataclass(frozen=True)
class Candidates:
    """All kinds of model fitted to the same rows, and the one that would be published.

    Parameters
    ----------
    losses
        The log loss of each kind on inner folds. The lowest decides.
    """

    encoding: Encoding
    scorers: dict[str, Scorer]
    calibrations: dict[str, Calibration]
    losses: dict[str, float]

    @property
    def best(self) -> str:
        """The kind with the lowest log loss. Of equals, the simplest."""
        return min(KINDS, key=lambda kind: (round(self.losses[kind], 9), KINDS.index(kind)))

    def model(self, kind: str) -> ChurnModel:
        """Return the model of one kind."""
        return ChurnModel(
            kind=kind,
            encoding=self.encoding,
            scorers={name: self.scorers[name] for name in _parts(kind)},
            calibration=self.calibrations[kind],
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Evaluation:
    """What the procedure predicted for customers that it had not seen.

    Parameters
    ----------
    quality
        Of the kind that each split chose by its own training rows.
    kinds
        Of each kind, by name.
    table
        Ten groups by predicted risk.
    """

    quality: Quality
    kinds: dict[str, Quality]
    table: tuple[RiskGroup, ...]


def fit(rows: TrainingRows, *, seed: int) -> Candidates:
    """Fit every kind. Calibrate and compare them on inner folds. The same rows, the same result."""
    with threadpoolctl.threadpool_limits(limits=1):  # threads would add up in any order
        scores = {name: np.empty(len(rows.cancelled)) for name in _SCORERS}
        for training, held_out in folds(rows.cancelled, count=_INNER_FOLDS, seed=seed):
            fitted = _fit_scorers(rows.take(training), seed=seed)
            matrix = rows.take(held_out).matrix
            for name in _SCORERS:
                scores[name][held_out] = fitted[name].log_odds(matrix)
        blends = {kind: np.mean([scores[n] for n in _parts(kind)], axis=0) for kind in KINDS}
        calibrations = {kind: fit_calibration(blends[kind], rows.cancelled) for kind in KINDS}
        losses = {k: _loss(calibrations[k].log_odds(blends[k]), rows.cancelled) for k in KINDS}
        return Candidates(rows.encoding, _fit_scorers(rows, seed=seed), calibrations, losses)


def evaluate(rows: TrainingRows, *, splits: Sequence[tuple[Ints, Ints]], seed: int) -> Evaluation:
    """Run the whole procedure, choice and calibration included, on each split's training rows."""
    predicted = {kind: np.full(len(rows.cancelled), np.nan) for kind in (*KINDS, "chosen")}
    base = np.full(len(rows.cancelled), np.nan)
    for training, test in splits:
        candidates = fit(rows.take(training), seed=seed)
        matrix = rows.take(test).matrix
        for kind in KINDS:
            predicted[kind][test] = candidates.model(kind).probability(matrix)
        predicted["chosen"][test] = predicted[candidates.best][test]
        base[test] = rows.cancelled[training].mean()
    seen = np.flatnonzero(~np.isnan(base))
    outcome = rows.cancelled[seen]
    quality = {k: measure(p[seen], outcome, base=base[seen]) for k, p in predicted.items()}
    return Evaluation(
        quality=quality["chosen"],
        kinds={kind: quality[kind] for kind in KINDS},
        table=calibration_table(predicted["chosen"][seen], outcome),
    )


def folds(cancelled: Bools, *, count: int, seed: int) -> list[tuple[Ints, Ints]]:
    """Return training and test rows. Every fold has its share of cancellations."""
    maker = StratifiedKFold(count, shuffle=True, random_state=seed)
    return list(maker.split(np.zeros((len(cancelled), 1)), cancelled))


def _fit_scorers(rows: TrainingRows, *, seed: int) -> dict[str, Scorer]:
    return {
        "logistic": fit_logistic(rows.matrix, rows.cancelled, encoding=rows.encoding),
        "boosting": fit_boosting(rows.matrix, rows.cancelled, encoding=rows.encoding, seed=seed),
    }


def _parts(kind: str) -> tuple[str, ...]:
    return _SCORERS if kind == "blend" else (kind,)


def _loss(log_odds: Floats, cancelled: Bools) -> float:
    signed = np.where(cancelled, -log_odds, log_odds)
    return float(np.mean(np.logaddexp(0, signed)))


def fit_calibration(score: Floats, cancelled: Bools) -> Calibration:
    """Fit to scores that were made without their outcomes.

    Two parameters keep the ranking and need few customers, where isotonic regression ties
    neighbours and promises 0 and 1. Scores that rank customers the wrong way round give everyone
    the base rate.
    """
    fitted = LogisticRegression(C=_WEAK, max_iter=1_000).fit(score[:, None], cancelled)
    slope = round(float(fitted.coef_[0, 0]), _DIGITS)
    if slope <= 0:
        return Calibration(round(float(logit(cancelled.mean())), _DIGITS), 0.0)
    return Calibration(round(float(fitted.intercept_[0]), _DIGITS), slope)
