"""The Qini curve: what treating a share of the people brings, the best by a score first.

Everything here is a mean over people of a guess of each one's effect (``effect_guesses``), so its
standard error is that of a mean. The score must not have seen the outcomes of these people.

References
----------
Radcliffe (2007), "Using control groups to target on predicted lift".
Yadlowsky et al. (2025), "Evaluating treatment prioritization rules via rank-weighted average
treatment effects".
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from tessera.customers.forecasting.confidence import SURE
from tessera.customers.uplift.experiment import Codes, Floats, Places

_REACH = 1.96
POINTS = tuple(round(0.05 * step, 2) for step in range(21))


@dataclasses.dataclass(frozen=True, kw_only=True)
class UpliftEstimate:
    """A mean over people, in the outcome's unit per person, and its standard error.

    Parameters
    ----------
    value, error
        The mean and its standard error.
    sequence_z
        How many standard errors its interval reaches at this look, where people are added and there
        are many looks. None for one look.
    """

    value: float
    error: float
    sequence_z: float | None = None

    @property
    def low(self) -> float:
        """The lower end of its 95 % interval."""
        return self.value - self.reach * self.error

    @property
    def high(self) -> float:
        """The upper end of it."""
        return self.value + self.reach * self.error

    @property
    def reach(self) -> float:
        """How many standard errors the interval has to each side."""
        return _REACH if self.sequence_z is None else self.sequence_z

    @property
    def is_surely_positive(self) -> bool:
        """Whether chance gives as much less than once in twenty times, all looks together."""
        return self.value > (SURE if self.sequence_z is None else self.sequence_z) * self.error


@dataclasses.dataclass(frozen=True, kw_only=True)
class QiniPoint:
    """What treating a share of the people brings.

    Parameters
    ----------
    share
        Of the people, those with the highest score.
    gain, error
        In the outcome's unit, per person of all people, treated or not, and its standard error.
    random_gain
        The same of as many people chosen by chance.
    """

    share: float
    gain: float
    error: float
    random_gain: float


def effect_guesses(weight: Floats, outcome: Floats, *, expected: Floats) -> Floats:
    """Return an unbiased guess of each person's effect, shape (n,).

    Parameters
    ----------
    weight : shape (n,)
        ``Experiment.weight``.
    outcome, expected : shape (n,)
        What came, and what was expected without regard to the treatment by other people's
        outcomes. A poor expectation makes the guesses noisier, and not wrong.
    """
    return weight * (outcome - expected)


def ranks_within(score: Floats, folds: Codes) -> Floats:
    """Return the share of each one's fold above him, shape (n,), the middle of equals.

    Scores of different models are not comparable. Where a fold's outcomes are high by chance, the
    models of the others say less of it.
    """
    ranks = np.empty(len(score))
    for fold in np.unique(folds).tolist():
        own = folds == fold
        ranks[own] = _ranks(score[own])
    return ranks


def _ranks(score: Floats) -> Floats:
    _, places, counts = np.unique(-score, return_inverse=True, return_counts=True)
    before = np.cumsum(counts) - counts
    ranks: Floats = ((before + counts / 2) / max(len(score), 1))[places]
    return ranks


def qini_area(guesses: Floats, ranks: Floats) -> UpliftEstimate:
    """Return the area between a score's Qini curve and the straight line of a random choice.

    It is over all shares of the people, from 0 to 1. That of a random choice is 0.

    Parameters
    ----------
    guesses : shape (n,)
        Of the effects.
    ranks : shape (n,)
        ``ranks_within`` of the score. People with the same score are treated in a random order.
    """
    return mean_of((guesses - guesses.mean()) * (0.5 - ranks))


def area_between(guesses: Floats, ranks: Floats, *, others: Floats) -> UpliftEstimate:
    """Return by how much the area of a score exceeds another one's. Its people are the same."""
    return mean_of((guesses - guesses.mean()) * (others - ranks))


def curve(guesses: Floats, ranks: Floats, *, shares: Sequence[float] = POINTS) -> list[QiniPoint]:
    """Return points of the Qini curve. Of people with the same score a part is treated."""
    everybody = float(guesses.mean())
    order: Places = np.argsort(ranks, kind="stable")
    bounds, counts = np.unique(ranks, return_counts=True)
    ends = np.cumsum(counts) / len(ranks)
    # By block of equals: the share of it that is treated at a point.
    blocks = np.repeat(np.arange(len(bounds)), counts)
    sorted_guesses = guesses[order]
    points = []
    for share in shares:
        inside = np.clip((share - (ends - counts / len(ranks))) / (counts / len(ranks)), 0.0, 1.0)
        gain = mean_of(sorted_guesses * inside[blocks])
        points.append(
            QiniPoint(share=share, gain=gain.value, error=gain.error, random_gain=share * everybody)
        )
    return points


def mean_of(values: Floats) -> UpliftEstimate:
    """Return a mean and its standard error."""
    if len(values) < 2:
        return UpliftEstimate(value=0.0, error=0.0)
    return UpliftEstimate(
        value=float(values.mean()), error=float(values.std(ddof=1)) / float(np.sqrt(len(values)))
    )
