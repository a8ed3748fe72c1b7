"""Two learners of uplift, fitted to sums: which one, and how smooth, other people decide.

Both are linear in the columns of a design, so that fitting one to any set of folds takes a solved
system of equations, and no further look at the people.

``two_models``: a regression of the outcome for the treated, less one for the held out.
``transformed``: a regression of the outcome times its weight, which has the effect as its mean.
Before that, what is expected of the customer anyway is taken off the outcome, for less noise.

References
----------
Künzel et al. (2019), "Metalearners for estimating heterogeneous treatment effects".
Athey and Imbens (2016), "Recursive partitioning for heterogeneous causal effects".
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from typing import Literal

import numpy as np

from tessera.customers.uplift.experiment import Floats
from tessera.customers.uplift.sums import Sums

Learner = Literal["two_models", "transformed"]
LEARNERS: tuple[Learner, ...] = ("two_models", "transformed")
FLAT = np.inf
PENALTIES = (1e-3, 1e-2, 1e-1, 0.3, 1.0, 3.0, 10.0, FLAT)  # a person, of columns of spread 1
_LIGHT = 1e-2  # of what is expected anyway


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class LinearUplift:
    """A fitted learner.

    Parameters
    ----------
    learner, penalty
        Which one, and how strongly slopes are drawn to zero. ``FLAT`` makes everybody alike.
    uplift : shape (width,)
        Of the effect.
    expected : shape (width,)
        Of the outcome without regard to the treatment: the mean of both groups, each weighted by
        the other's share, which leaves the least noise.
    """

    learner: Learner
    penalty: float
    uplift: Floats
    expected: Floats


def fit(sums: Sums, *, learner: Learner, penalty: float) -> LinearUplift:
    """Fit one learner to some people."""
    expected = expected_outcome(sums)
    if learner == "two_models":
        uplift = _ridge(sums.treated, sums.treated_outcome, penalty=penalty) - _ridge(
            sums.held_out, sums.held_out_outcome, penalty=penalty
        )
    else:
        uplift = _ridge(sums.everybody, _adjusted(sums, expected), penalty=penalty)
    return LinearUplift(learner=learner, penalty=penalty, uplift=uplift, expected=expected)


def fit_best(by_fold: Sums, *, folds: Collection[int]) -> LinearUplift:
    """Choose learner and penalty by folds that each fit had not seen, and fit to all of them.

    The loss is the squared error against the outcome times its weight, less what is the same for
    every candidate.

    Parameters
    ----------
    by_fold
        The sums of each fold.
    folds
        At least two: no other fold has any part in it.
    """
    losses = {(learner, penalty): 0.0 for learner in LEARNERS for penalty in PENALTIES}
    for fold in sorted(folds):
        seen, unseen = by_fold.over(set(folds) - {fold}), by_fold.over([fold])
        target = _adjusted(unseen, expected_outcome(seen))
        for learner, penalty in losses:
            uplift = fit(seen, learner=learner, penalty=penalty).uplift
            error = uplift @ unseen.everybody @ uplift - 2 * uplift @ target
            losses[learner, penalty] += float(error)
    # Of equals the smoother one.
    learner, penalty = min(losses, key=lambda one: (losses[one], -one[1]))
    return fit(by_fold.over(folds), learner=learner, penalty=penalty)


def expected_outcome(sums: Sums) -> Floats:
    """Return the regression of the outcome without regard to the treatment, shape (width,)."""
    share = sums.share_treated
    treated = _ridge(sums.treated, sums.treated_outcome, penalty=_LIGHT)
    held_out = _ridge(sums.held_out, sums.held_out_outcome, penalty=_LIGHT)
    mean: Floats = (1 - share) * treated + share * held_out
    return mean


def _adjusted(sums: Sums, expected: Floats) -> Floats:
    adjusted: Floats = sums.weighted_outcome - sums.weighted @ expected
    return adjusted


def _ridge(squares: Floats, products: Floats, *, penalty: float) -> Floats:
    if penalty == FLAT:
        mean = float(products[0]) / max(float(squares[0, 0]), 1.0)
        return np.concatenate([[mean], np.zeros(len(squares) - 1)])
    strength = np.full(len(squares), penalty * max(float(squares[0, 0]), 1.0))
    strength[0] = 1e-9  # the constant is free
    solved = np.linalg.solve(squares + np.diag(strength), products)
    return np.asarray(solved, np.float64)
