"""Shifted-beta-geometric retention: how long subscribers stay, from cohorts alone.

Each subscriber cancels at every renewal with an individual probability. These probabilities
follow a beta distribution over subscribers. Retention then rises with tenure although nobody
becomes more loyal: the quick ones have left.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, digamma

from tessera.customers.subscriptions.attributes import Bools, Floats, Ints
from tessera.errors import InvalidInput

_STARTS = ((1.0, 1.0), (0.5, 5.0), (5.0, 0.5), (10.0, 40.0))  # alpha, beta
_FURTHEST = 9.0  # of a parameter's logarithm: from 0.0001 to about 8,100
_NEGLIGIBLE = 1e-12
_STEP = 1e-4


@dataclasses.dataclass(frozen=True)
class Retention:
    """A shifted-beta-geometric model.

    Parameters
    ----------
    alpha, beta
        Of the beta distribution of the chance to cancel at a renewal. Its mean is
        ``alpha / (alpha + beta)``.

    References
    ----------
    Fader & Hardie (2007), "How to project customer retention".
    """

    alpha: float
    beta: float

    def survival(self, renewals: Ints) -> Floats:
        """Return the share of a cohort that made this many renewals or more, shape (n,)."""
        return np.asarray(np.exp(self._log_survival(renewals)), np.float64)

    def retention(self, periods: Ints) -> Floats:
        """Return the chance of the next renewal for who has paid ``periods`` periods (1 is new)."""
        stayed = self.beta + periods - 1
        return np.asarray(stayed / (self.alpha + stayed), np.float64)

    def p_cancel(self, periods: Ints, *, renewals: Ints) -> Floats:
        """Return the chance to cancel at one of the next renewals.

        Parameters
        ----------
        periods : shape (n,)
            Periods paid so far, 1 or more.
        renewals : shape (n,)
            How many renewals the horizon holds: for ``p_cancel_30d``, those due within 30 days.
        """
        made = periods - 1
        change = self._log_survival(made + renewals) - self._log_survival(made)
        return np.asarray(-np.expm1(change), np.float64)

    def residual_lifetime(self, periods: Ints, *, discount_rate: float) -> Floats:
        """Return the discounted expected number of renewals still to come, shape (n,).

        Parameters
        ----------
        periods : shape (n,)
            Periods paid so far, 1 or more. The first of the renewals is about to be decided, and
            is not discounted.
        discount_rate
            Of one period, above 0: 0.1 for 10 %.

        Raises
        ------
        InvalidInput
            The rate is not above 0. Undiscounted, the expectation is infinite for alpha <= 1.

        References
        ----------
        Fader & Hardie (2010), "Customer-base valuation in a contractual setting". The sum is taken
        term by term rather than through their hypergeometric function, which loses digits there.
        """
        if not discount_rate > 0:
            raise InvalidInput(f"discount_rate is {discount_rate}: expected a number above 0")
        distinct, places = np.unique(periods, return_inverse=True)
        terms = math.ceil(-math.log(_NEGLIGIBLE) / math.log1p(discount_rate))
        weights = (1 + discount_rate) ** -np.arange(terms, dtype=np.float64)
        ahead = np.arange(1, terms + 1)
        sums = [
            (1 - self.p_cancel(np.full(terms, paid), renewals=ahead)) @ weights for paid in distinct
        ]
        return np.array(sums, np.float64)[places]

    def _log_survival(self, renewals: Ints) -> Floats:
        logs = betaln(self.alpha, self.beta + renewals) - betaln(self.alpha, self.beta)
        return np.asarray(logs, np.float64)


@dataclasses.dataclass(frozen=True, kw_only=True)
class FittedRetention:
    """A model, and what its fit says about it.

    Parameters
    ----------
    log_likelihood
        Of all subscribers.
    standard_errors
        Of alpha and beta. None where the data don't bound them.
    warnings
        Sentences for the reader of the model's record.
    """

    model: Retention
    log_likelihood: float
    standard_errors: tuple[float, float] | None
    subscribers: int
    cancelled: int
    warnings: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class _Counts:
    """Distinct rows: who left after ``periods`` periods, and who has paid that many and stays."""

    periods: Floats
    left: Floats
    stays: Floats

    def log_likelihood(self, logs: Floats) -> tuple[float, Floats]:
        """Return it and its gradient in the logarithms of alpha and beta."""
        alpha, beta = np.exp(logs)
        n, base = self.periods, betaln(alpha, beta)
        left, stays = betaln(alpha + 1, beta + n - 1) - base, betaln(alpha, beta + n - 1) - base
        both, total = self.left + self.stays, digamma(alpha + beta)
        after_left, after_stay = digamma(alpha + beta + n), digamma(alpha + beta + n - 1)
        by_alpha = (
            self.left @ (digamma(alpha + 1) - after_left)
            + self.stays @ (digamma(alpha) - after_stay)
            - both.sum() * (digamma(alpha) - total)
        )
        by_beta = (
            both @ digamma(beta + n - 1)
            - self.left @ after_left
            - self.stays @ after_stay
            - both.sum() * (digamma(beta) - total)
        )
        value = float(self.left @ left + self.stays @ stays)
        return value, np.array([alpha * by_alpha, beta * by_beta])


def fit_retention(*, periods: Ints, cancelled: Bools, subscribers: Ints) -> FittedRetention:
    """Fit the model by maximum likelihood, to cohorts of any age at once.

    Parameters
    ----------
    periods : shape (n,)
        Periods paid, 1 or more: until they left, or so far for subscribers who stay.
    cancelled : shape (n,)
        Whether they left at the renewal that followed.
    subscribers : shape (n,)
        How many subscribers each row stands for.

    Raises
    ------
    InvalidInput
        A row has no paid period or stands for nobody, or nobody has yet had a renewal to make.
    """
    if len(periods) and (periods.min() < 1 or subscribers.min() < 1):
        raise InvalidInput("retention: every row needs at least one paid period and one subscriber")
    counts = _counts(periods, cancelled=cancelled, subscribers=subscribers)
    if not counts.left.sum() and not (counts.stays * (counts.periods > 1)).sum():
        raise InvalidInput("retention: no subscriber has come to a renewal yet; wait for the first")
    best = _search(counts)
    return FittedRetention(
        model=Retention(*map(float, np.exp(best))),
        log_likelihood=counts.log_likelihood(best)[0],
        standard_errors=_standard_errors(counts, best),
        subscribers=int(subscribers.sum()),
        cancelled=int(counts.left.sum()),
        warnings=_warnings(counts, best),
    )


def _counts(periods: Ints, *, cancelled: Bools, subscribers: Ints) -> _Counts:
    distinct, places = np.unique(periods, return_inverse=True)
    left, stays = (
        np.bincount(places, weights=subscribers * rows, minlength=len(distinct)).astype(np.float64)
        for rows in (cancelled, ~cancelled)
    )
    return _Counts(distinct.astype(np.float64), left, stays)


def _search(counts: _Counts) -> Floats:
    def loss(logs: Floats) -> tuple[float, Floats]:
        value, slope = counts.log_likelihood(logs)
        return -value / scale, -slope / scale

    scale = counts.left.sum() + counts.stays.sum()
    results = [
        minimize(
            loss,
            np.log(start),
            jac=True,
            method="L-BFGS-B",
            bounds=[(-_FURTHEST, _FURTHEST)] * 2,
            options={"ftol": 1e-15, "gtol": 1e-10},
        )
        for start in _STARTS
    ]
    return np.asarray(min(results, key=lambda result: float(result.fun)).x, np.float64)


def _standard_errors(counts: _Counts, logs: Floats) -> tuple[float, float] | None:
    """Return those of alpha and beta, from the curvature where the search ended."""
    if np.abs(logs).max() > _FURTHEST - 0.01:
        return None
    steps = np.eye(2) * _STEP
    slopes = [
        counts.log_likelihood(logs + s)[1] - counts.log_likelihood(logs - s)[1] for s in steps
    ]
    information = -np.array(slopes) / (2 * _STEP)
    information = (information + information.T) / 2
    if np.linalg.eigvalsh(information)[0] <= 0:
        return None
    of_logs = np.sqrt(np.diag(np.linalg.inv(information)))
    alpha, beta = (np.exp(logs) * of_logs).tolist()
    return alpha, beta


def _warnings(counts: _Counts, logs: Floats) -> tuple[str, ...]:
    warnings = []
    if not counts.left.sum():
        warnings.append("nobody has cancelled: retention is a guess, and too high")
    elif not counts.stays.sum():
        warnings.append("nobody has stayed: the cohorts may be cut to those who left")
    if np.abs(logs).max() > _FURTHEST - 0.01:
        warnings.append(
            "alpha and beta ran to their limits: the subscribers are nearly all alike, or divided "
            "into those who leave at once and those who never do; the curve is valid, these "
            "parameters are not"
        )
    return tuple(warnings)
