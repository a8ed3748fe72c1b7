"""The chance of a reaction, from a person's own messages, drawn to everybody's share.

The chance of each person is drawn from a beta distribution, fitted to all people's counts. So a
person with few messages has nearly everybody's share, and one with many his own. Such a chance is
calibrated where the counts are as the model has them, which is tested on later messages.
"""

from __future__ import annotations

import numpy as np

from tessera.campaigns.engaging.engagement import BetaPrior
from tessera.campaigns.engaging.reactions import Ints
from tessera.campaigns.planning.candidates import Floats

_MEANS = np.linspace(-1, 1, 21)
_STRENGTHS = np.linspace(-1, 1, 21)
_ROUNDS = 6
_STRENGTH_RANGE = (np.log(0.2), np.log(5_000.0))


def chance_of(prior: BetaPrior, messages: Ints, reactions: Ints) -> Floats:
    """Return the chance that each person reacts to the next message, shape (n,)."""
    made: Floats = (prior.mean * prior.strength + reactions) / (prior.strength + messages)
    return made


def fit_prior(messages: Ints, reactions: Ints) -> BetaPrior:
    """Fit by maximum likelihood (beta-binomial), on a grid that is made finer.

    Parameters
    ----------
    messages, reactions : shape (n,)
        Of each person. At least one reaction, and one message without.
    """
    pairs, people = np.unique(np.column_stack([messages, reactions]), axis=0, return_counts=True)
    share = float(reactions.sum() / messages.sum())
    centre = np.array([np.log(share / (1 - share)), np.log(10.0)])
    reach = np.array([1.0, np.log(50.0)])
    for _ in range(_ROUNDS):
        means = centre[0] + reach[0] * _MEANS
        strengths = np.clip(centre[1] + reach[1] * _STRENGTHS, *_STRENGTH_RANGE)
        values = np.array([[_likelihood(m, s, pairs, people) for s in strengths] for m in means])
        best = np.unravel_index(int(values.argmax()), values.shape)
        centre = np.array([means[best[0]], strengths[best[1]]])
        reach /= 4
    return BetaPrior(
        mean=round(float(1 / (1 + np.exp(-centre[0]))), 9),
        strength=round(float(np.exp(centre[1])), 6),
    )


def _likelihood(log_odds: float, log_strength: float, pairs: Ints, people: Ints) -> float:
    mean, strength = 1 / (1 + np.exp(-log_odds)), np.exp(log_strength)
    most = int(pairs[:, 0].max())
    steps = np.arange(most)

    def rising(start: float) -> Floats:
        """Return the logarithm of start * (start + 1) * … by the number of factors."""
        return np.concatenate([[0.0], np.cumsum(np.log(start + steps))])

    messages, reactions = pairs.T
    value = (
        rising(mean * strength)[reactions]
        + rising((1 - mean) * strength)[messages - reactions]
        - rising(strength)[messages]
    )
    return float((people * value).sum())
