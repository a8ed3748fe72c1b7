"""How good predicted probabilities are: ranking, calibration, and against the base rate."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import xlogy
from scipy.stats import rankdata

from tessera.customers.subscriptions.attributes import Bools, Floats
from tessera.records.scoring.churn import Quality, RiskGroup

BINS = 10
_CERTAINTY = 2.0  # standard errors by which a model must beat the base rate


def beats_base_rate(quality: Quality) -> bool:
    """Return whether the log loss is lower than the base rate's by more than chance explains."""
    return quality.base_log_loss - quality.log_loss > _CERTAINTY * quality.gain_error


def measure(probability: Floats, cancelled: Bools, *, base: Floats) -> Quality:
    """Return the quality of predictions.

    Parameters
    ----------
    probability : shape (n,)
        Each above 0 and below 1, and made without knowing the outcome.
    cancelled : shape (n,)
        The outcome. Both must occur.
    base : shape (n,)
        The share of cancellations in the rows that each prediction was trained on.
    """
    losses, base_losses = log_losses(probability, cancelled), log_losses(base, cancelled)
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
    """Return the area under the ROC curve. Ties count half."""
    positive = int(cancelled.sum())
    ranks = float(rankdata(score)[cancelled].sum())
    return (ranks - positive * (positive + 1) / 2) / (positive * (len(score) - positive))


def calibration_error(probability: Floats, cancelled: Bools) -> float:
    """Return the expected calibration error over ten bins of equal width."""
    bins = np.minimum((probability * BINS).astype(np.int64), BINS - 1)
    gaps = np.bincount(bins, weights=probability - cancelled, minlength=BINS)
    return float(np.abs(gaps).sum() / len(cancelled))


def calibration_table(probability: Floats, cancelled: Bools) -> tuple[RiskGroup, ...]:
    """Return ten groups of equal size, lowest risk first: predicted and observed share."""
    order = np.argsort(probability, kind="stable")
    return tuple(
        RiskGroup(
            customers=len(rows),
            predicted=round(float(probability[rows].mean()), 6),
            observed=round(float(cancelled[rows].mean()), 6),
        )
        for rows in np.array_split(order, BINS)
        if len(rows)
    )


def log_losses(probability: Floats, cancelled: Bools) -> Floats:
    """Return each prediction's negative log-likelihood, shape (n,)."""
    return np.asarray(-xlogy(cancelled, probability) - xlogy(~cancelled, 1 - probability), float)
