"""How trees should grow and how numbers should enter the regression, by what held-out rows say.

A search of few steps, not a grid: sizes first, then a slower rate, then questions that may ask for
half of the features only. A change that makes the model larger is kept if it lowers the log loss by
a thousandth. The work is limited in rows and rounds, never by the clock, so that every machine
chooses the same.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Sequence

import numpy as np

from tessera.customers.subscriptions.attributes import Bools, Floats
from tessera.customers.subscriptions.encoding import EncodedRows
from tessera.customers.subscriptions.logistic_fit import BENT, STRAIGHT, fit_logistic
from tessera.customers.subscriptions.tree_fit import Growth, grow_boosting

FIRST = Growth(leaves=8, rate=0.1)
_LARGER, _SMALLER, _SLOWER, _FEWER_FEATURES = (16, 31), 4, 0.05, 0.5
_WORTH = 0.001  # of the loss, by which a larger model must lower it
Pairs = Sequence[tuple[EncodedRows, EncodedRows]]


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Trial:
    """What one way of fitting says of rows that it had not seen.

    Parameters
    ----------
    scores : shape (n,)
        Log-odds, pair by pair.
    loss
        Their log loss.
    growth, rounds
        Of trees, how they grew, and how many there were in the mean over the pairs.
    knots
        Of a regression.
    """

    scores: Floats
    loss: float
    growth: Growth = FIRST
    rounds: int = 0
    knots: int = STRAIGHT

    def beats(self, other: Trial, *, by: float = _WORTH) -> bool:
        """Return whether the loss is lower by this share of the other's."""
        return self.loss < (1 - by) * other.loss


def try_growths(pairs: Pairs, *, seed: int) -> Trial:
    """Return the trees that predict best.

    Parameters
    ----------
    pairs
        Rows to learn from, and others to be predicted.
    """
    grow = functools.partial(_grow, pairs, seed=seed)
    climb = functools.partial(_climb, grow)
    first = grow(FIRST)
    sized = climb(first, *(dataclasses.replace(FIRST, leaves=leaves) for leaves in _LARGER))
    if sized is first:
        sized = climb(first, dataclasses.replace(FIRST, leaves=_SMALLER))
    paced = climb(sized, dataclasses.replace(sized.growth, rate=_SLOWER))
    varied = grow(dataclasses.replace(paced.growth, features=_FEWER_FEATURES))
    return varied if varied.beats(paced, by=0.0) else paced


def try_lines(pairs: Pairs) -> Trial:
    """Return the regression that predicts best: with straight lines for numbers, or bent ones."""
    straight, bent = (_regress(pairs, knots) for knots in (STRAIGHT, BENT))
    return bent if bent.beats(straight) else straight


def log_loss(log_odds: Floats, cancelled: Bools) -> float:
    """Return the mean negative log-likelihood."""
    signed = np.where(cancelled, -log_odds, log_odds)
    return float(np.mean(np.logaddexp(0, signed)))


def outcomes(pairs: Pairs) -> Bools:
    """Return the outcomes of the rows to be predicted, pair by pair."""
    return np.concatenate([others.cancelled for _, others in pairs])


def _climb(grow: Callable[[Growth], Trial], start: Trial, *growths: Growth) -> Trial:
    """Return the last growth that was worth it. One that is not ends the climb."""
    best = start
    for growth in growths:
        tried = grow(growth)
        if not tried.beats(best):
            break
        best = tried
    return best


def _grow(pairs: Pairs, growth: Growth, *, seed: int) -> Trial:
    scores, rounds = [], []
    for rows, others in pairs:
        trees = grow_boosting(rows, others=others, growth=growth, seed=seed)
        scores.append(trees.log_odds(others.matrix))
        rounds.append(len(trees.trees))
    together = np.concatenate(scores)
    return Trial(
        scores=together,
        loss=log_loss(together, outcomes(pairs)),
        growth=growth,
        rounds=round(float(np.mean(rounds))),
    )


def _regress(pairs: Pairs, knots: int) -> Trial:
    scores = [fit_logistic(rows, knots=knots).log_odds(others.matrix) for rows, others in pairs]
    together = np.concatenate(scores)
    return Trial(scores=together, loss=log_loss(together, outcomes(pairs)), knots=knots)
