"""How good predicted probabilities are: ranking, calibration, and against the base rate."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
from scipy.special import xlogy
from scipy.stats import rankdata

from tessera.customers.subscriptions.attributes import Bools, Floats

BINS = 10
_CERTAINTY = 2.0  # standard errors by which a model must beat the base rate


@dataclasses.dataclass(frozen=True, kw_only=True)
class Quality:
    """Measures of predictions that were made without their outcomes.

    Parameters
    ----------
    customers, cancelled
        How many predictions there are, and how many of these customers cancelled.
    auc
        The chance that who cancelled has a higher probability than who did not.
    ece
        Expected calibration error over ten bins of equal width: the mean distance between
        predicted probability and observed share, weighted by customers.
    brier, log_loss
        Mean squared error, and mean negative log-likelihood (in nats).
    base_log_loss
        The log loss of giving everyone the training rows' share of cancellations.
    gain_error
        The standard error of ``base_log_loss - log_loss``.
    top_decile_lift
        Cancellations among the tenth with the highest probabilities, relative to all.
    """

    customers: int
    cancelled: int
    auc: float
    ece: float
    brier: float
    log_loss: float
    base_log_loss: float
    gain_error: float
    top_decile_lift: float

    @property
    def beats_base_rate(self) -> bool:
        """Whether the log loss is lower than the base rate's by more than chance explains."""
        return self.base_log_loss - self.log_loss > _CERTAINTY * self.gain_error

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values, rounded to the data's precision."""
        values = dataclasses.asdict(self)
        return {k: round(v, 6) if isinstance(v, float) else v for k, v in values.items()}


def measure(probability: Floats, cancelled: Bools, *, base: Floats) -> Quality:
    """Return the quality of predictions.

    Parameters
    ----------
    probability : shape (n,)
        Each above 0 and below 1, and made without knowing the outcome.
    cancelled : shape (n,)
        The outcome; both must occur.
    base : shape (n,)
        The share of cancellations in the rows that each prediction was trained on.
    """
    losses, base_losses = _log_losses(probability, cancelled), _log_losses(base, cancelled)
    gains = base_losses - losses
    top = np.argsort(-probability, kind="stable")[: max(1, len(probability) // 10)]
    return Quality(
        customers=len(cancelled),
        cancelled=int(cancelled.sum()),
        auc=auc(probability, cancelled),
        ece=calibration_error(probability, cancelled),
        brier=float(np.mean((probability - cancelled) ** 2)),
        log_loss=float(losses.mean()),
        base_log_loss=float(base_losses.mean()),
        gain_error=float(gains.std()) / math.sqrt(len(gains)),
        top_decile_lift=float(cancelled[top].mean() / cancelled.mean()),
    )


def auc(score: Floats, cancelled: Bools) -> float:
    """Return the area under the ROC curve; ties count half."""
    positive = int(cancelled.sum())
    ranks = float(rankdata(score)[cancelled].sum())
    return (ranks - positive * (positive + 1) / 2) / (positive * (len(score) - positive))


def calibration_error(probability: Floats, cancelled: Bools) -> float:
    """Return the expected calibration error over ten bins of equal width."""
    bins = np.minimum((probability * BINS).astype(np.int64), BINS - 1)
    gaps = np.bincount(bins, weights=probability - cancelled, minlength=BINS)
    return float(np.abs(gaps).sum() / len(cancelled))


def calibration_table(probability: Floats, cancelled: Bools) -> list[dict[str, Any]]:
    """Return ten groups of equal size, lowest risk first: predicted and observed share."""
    order = np.argsort(probability, kind="stable")
    return [
        {
            "customers": len(rows),
            "predicted": round(float(probability[rows].mean()), 6),
            "observed": round(float(cancelled[rows].mean()), 6),
        }
        for rows in np.array_split(order, BINS)
        if len(rows)
    ]


def _log_losses(probability: Floats, cancelled: Bools) -> Floats:
    return np.asarray(-xlogy(cancelled, probability) - xlogy(~cancelled, 1 - probability), float)
