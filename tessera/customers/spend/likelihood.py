"""The Gamma-Gamma log-likelihood with its gradient and Hessian, in one pass over the rows.

What depends on the number of repeats alone is a table over its few distinct values. The rows add
only sums of log(v + x m) and of its derivatives.
"""

from __future__ import annotations

import dataclasses
from typing import Self

import numpy as np
from scipy.special import gammaln, polygamma, psi

from tessera.customers.spend.history import Floats, SpendHistory
from tessera.customers.spend.maximum import Peak

_BLOCK = 1 << 13  # rows whose intermediate columns stay in the processor's cache

FROM_SCALE = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [-1.0, 1.0, 1.0]])  # to log p, q, v


@dataclasses.dataclass(frozen=True, kw_only=True)
class Likelihood:
    """What the log-likelihood of (p, q, v) needs to know of customers with positive x and m.

    Parameters
    ----------
    repeats, customers : shape (k,)
        The distinct numbers of repeats x, and how many customers have each.
    spend : shape (n,)
        Money of all repeats, x m.
    sums : shape (2, n)
        The weights w and w x, by which the rows are added up.
    log_mean, log_spend
        Sums of w log(m) and of w x log(x m).
    """

    repeats: Floats
    customers: Floats
    spend: Floats
    sums: Floats
    log_mean: float
    log_spend: float

    @classmethod
    def of(cls, history: SpendHistory) -> Self:
        """Return the likelihood of customers that are all ``informative``."""
        x, m, w = history.repeats, history.mean_spend, history.weights
        repeats, customers = _tabulated(x, weights=w)
        sums = np.empty((2, len(x)))
        sums[0] = w
        np.multiply(w, x, out=sums[1])
        log_mean, x_log_mean = np.einsum("ij,j->i", sums, np.log(m)).tolist()
        return cls(
            repeats=repeats,
            customers=customers,
            spend=x * m,
            sums=sums,
            log_mean=log_mean,
            log_spend=x_log_mean + float((customers * repeats * np.log(repeats)).sum()),
        )

    def at(self, logs: Floats) -> Peak:
        """Return value, gradient and Hessian in the logarithms of p, q and the scale p v / q.

        Unlike v, that scale hardly depends on p and q, so that the search can follow either to
        its bound.

        References
        ----------
        Fader & Hardie (2013), equation 1a.
        """
        own = self._of_p_q_v(FROM_SCALE @ logs)
        return Peak(own.value, own.gradient @ FROM_SCALE, FROM_SCALE.T @ own.hessian @ FROM_SCALE)

    def _of_p_q_v(self, logs: Floats) -> Peak:
        p, q, v = np.exp(logs)
        x, n = self.repeats, self.customers
        log0, log1, once0, once1, twice0, twice1 = self._row_sums(v)
        px, all_of_them = p * x, n.sum()
        value = (
            (n * (gammaln(px + q) - gammaln(px) - gammaln(q))).sum()
            + all_of_them * q * logs[2]
            + p * (self.log_spend - log1)
            - q * log0
            - self.log_mean
        )
        both, own = polygamma(1, px + q), polygamma(1, px)
        in_p = (n * x * (psi(px + q) - psi(px))).sum() + self.log_spend - log1
        in_q = (n * (psi(px + q) - psi(q))).sum() + all_of_them * logs[2] - log0
        in_v = all_of_them * q / v - p * once1 - q * once0
        pq, pv, qv = (n * x * both).sum(), -once1, all_of_them / v - once0
        curve = np.array(
            [
                [(n * x * x * (both - own)).sum(), pq, pv],
                [pq, (n * (both - polygamma(1, q))).sum(), qv],
                [pv, qv, p * twice1 + q * twice0 - all_of_them * q / v**2],
            ]
        )
        scale = np.array([p, q, v])
        gradient = np.array([in_p, in_q, in_v]) * scale
        return Peak(float(value), gradient, curve * np.outer(scale, scale) + np.diag(gradient))

    def _row_sums(self, v: float) -> Floats:
        """Return Σ w log z, Σ w x log z, and the same of 1/z and of 1/z², for z = v + x m.

        einsum adds in one order, whatever the number of threads.
        """
        total = np.zeros(6)
        for start in range(0, len(self.spend), _BLOCK):
            block = slice(start, start + _BLOCK)
            z, sums = self.spend[block] + v, self.sums[:, block]
            total[:2] += np.einsum("ij,j->i", sums, np.log(z))
            np.reciprocal(z, out=z)
            total[2:4] += np.einsum("ij,j->i", sums, z)
            np.square(z, out=z)
            total[4:] += np.einsum("ij,j->i", sums, z)
        return total


def _tabulated(repeats: Floats, *, weights: Floats) -> tuple[Floats, Floats]:
    """Return the distinct repeats and each one's total weight."""
    whole = repeats.astype(np.int64)
    if repeats.max() < 1 << 20 and (whole == repeats).all():
        customers: Floats = np.bincount(whole, weights=weights).astype(np.float64)
        distinct = np.flatnonzero(customers)
        return distinct.astype(np.float64), customers[distinct]
    values, place = np.unique(repeats, return_inverse=True)
    return values, np.bincount(place, weights=weights).astype(np.float64)
