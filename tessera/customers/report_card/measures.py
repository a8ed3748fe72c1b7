"""How far predictions were from what happened, and how well they ranked customers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tessera.customers.ranks import TENTHS, Ranks
from tessera.customers.report_card.backtest import Floats
from tessera.records.scoring.report_card import Accuracy, Group


def accuracy(
    predicted: Floats, *, actual: Floats, weights: Floats, deviance: Floats | None = None
) -> Accuracy:
    """Compare predictions with what happened. Shape (n,) each. Nobody has no errors.

    ``deviance`` is each customer's, where it is defined.
    """
    customers = float(weights.sum()) or 1.0
    errors = predicted - actual
    total, happened = float((weights * predicted).sum()), float((weights * actual).sum())
    return Accuracy(
        predicted=total,
        actual=happened,
        total_error=total / happened - 1 if happened > 0 else None,
        mae=float((weights * np.abs(errors)).sum()) / customers,
        rmse=float(np.sqrt((weights * errors**2).sum() / customers)),
        deviance=None if deviance is None else float((weights * deviance).sum()) / customers,
    )


def deciles(predicted: Floats, *, actual: Floats, weights: Floats) -> tuple[Group, ...]:
    """Return the calibration: groups of about a tenth each, the least predicted first.

    Equal predictions stay in one group, that of their middle, so the order of customers is
    irrelevant.
    """
    ranks = Ranks.of(predicted, weights=weights)
    sums = [
        np.bincount(ranks.tenths, weights=ranks.sums(column), minlength=TENTHS).tolist()
        for column in (np.ones(len(predicted)), predicted, actual)
    ]
    return tuple(
        Group(decile=place, customers=n, predicted=expected / n, actual=happened / n)
        for place, (n, expected, happened) in enumerate(zip(*sums, strict=True), start=1)
        if n
    )


def auc(score: Floats, *, outcome: npt.NDArray[np.bool_], weights: Floats) -> float | None:
    """Return how often a customer with the outcome has a higher score than one without it.

    Ties count half: 0.5 is no better than chance. None when all or none have the outcome.
    """
    ranks = Ranks.of(score, weights=weights)
    yes, no = ranks.sums(outcome.astype(np.float64)), ranks.sums((~outcome).astype(np.float64))
    pairs = float(yes.sum() * no.sum())
    if not pairs:
        return None
    return float((yes * (np.cumsum(no) - no / 2)).sum()) / pairs


def top_share(
    score: Floats, *, value: Floats, weights: Floats, parts: int = TENTHS
) -> float | None:
    """Return the share of all value that the tenth of customers with the highest score has.

    Of customers who tie at the edge, the part that fills the tenth counts, at their mean. None
    when there is no value. ``parts`` is 5 for a fifth.
    """
    ranks = Ranks.of(score, weights=weights)
    values = ranks.sums(value)
    total = float(values.sum())
    if total <= 0:
        return None
    above = ranks.weights.sum() - ranks.below - ranks.weights
    room = np.clip(ranks.weights.sum() / parts - above, 0.0, ranks.weights)
    share = np.zeros(len(room))
    np.divide(room, ranks.weights, out=share, where=ranks.weights > 0)
    return float((share * values).sum()) / total
