"""BG/NBD and MBG/NBD: customers drop out, if they do, right after a purchase."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from tessera.customers.purchase.likelihood import Answers
from tessera.customers.purchase.model import rising
from tessera.customers.purchase.pairs import Floats
from tessera.customers.purchase.quadrature import beta_mean


@dataclasses.dataclass(frozen=True, kw_only=True)
class _BetaGeometric(Answers):
    """Purchases at a rate of Gamma(r, alpha), each the last one with a chance of Beta(a, b).

    Parameters
    ----------
    r, alpha
        Shape and rate (in days) of the gamma distribution of customers' purchase rates.
    a, b
        Of the beta distribution of customers' chance to drop out after a purchase.
    """

    r: float
    alpha: float
    a: float
    b: float

    name: ClassVar[str]
    first_counts: ClassVar[int]  # whether the first purchase can be the last: 0 or 1

    def parameters(self, *, unit_days: float = 1.0) -> dict[str, float]:
        """Return r, alpha, a and b. Alpha counts units of ``unit_days`` days."""
        return {"r": self.r, "alpha": self.alpha / unit_days, "a": self.a, "b": self.b}

    def common_slopes(self, most: int) -> tuple[Floats, Floats]:
        """Return the log of Γ(r + x) / Γ(r) α^r B(a, b + n) / B(a, b), with slopes.

        The n chances to drop out after x = 0 … ``most`` repeats are the purchases that count.
        """
        n = slice(self.first_counts, None)
        chances = most + self.first_counts
        bought, bought_slope = rising(self.r, most)
        stayed, stayed_slope = (terms[n] for terms in rising(self.b, chances))
        either, either_slope = (terms[n] for terms in rising(self.a + self.b, chances))
        slopes = [
            bought_slope + np.log(self.alpha),
            np.full(most + 1, self.r / self.alpha),
            -either_slope,
            stayed_slope - either_slope,
        ]
        return bought + self.r * np.log(self.alpha) + stayed - either, np.stack(slopes)

    def log_later(self, repeats: Floats, age: Floats) -> Floats:
        """Return -(r + x) log(α + T): those alive do buy again some day."""
        return -(self.r + repeats) * np.log(self.alpha + age)

    def later_slopes(self, repeats: Floats, age: Floats) -> tuple[Floats, Floats]:
        """Return `log_later` with slopes."""
        return self._gamma_slopes(repeats, age)

    def log_last(self, repeats: Floats, last_day: Floats) -> Floats:
        """Return log(a / (b + n - 1)) - (r + x) log(α + t_x), or -inf without a chance (n = 0)."""
        return self._log_dropped_out(repeats) + self.log_later(repeats, last_day)

    def last_slopes(self, repeats: Floats, last_day: Floats) -> tuple[Floats, Floats]:
        """Return `log_last` with slopes."""
        value, slopes = self._gamma_slopes(repeats, last_day)
        before, possible = self._before(repeats)
        slopes[2], slopes[3] = 1.0 / self.a, -1.0 / before
        return value + self._log_dropped_out(repeats), slopes * possible

    def _gamma_slopes(self, repeats: Floats, days: Floats) -> tuple[Floats, Floats]:
        since, n = self.alpha + days, self.r + repeats
        logs = np.log(since)
        slopes = np.zeros((4, len(days)))
        slopes[0], slopes[1] = -logs, -n / since
        return -n * logs, slopes

    def _log_dropped_out(self, repeats: Floats) -> Floats:
        before, possible = self._before(repeats)
        return np.where(possible, np.log(self.a) - np.log(before), -np.inf)

    def _before(self, repeats: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """Return b + n - 1, and where there was a chance to drop out: n > 0."""
        possible = repeats + self.first_counts > 0
        return np.where(possible, self.b + repeats + (self.first_counts - 1), 1.0), possible

    def log_alive(self, repeats: Floats, age: Floats) -> Floats:
        """Return `log_later`: to be alive is to buy again."""
        return self.log_later(repeats, age)

    def orders_if_alive(self, repeats: Floats, age: Floats, *, days: float) -> Floats:
        """Return E[(1 - (1 + p τ)^-(r + x)) / p] over p ~ Beta(a, b + n), τ = days / (α + T).

        Given the rate and p, a live customer makes (1 - e^(-rate p days)) / p purchases. The
        closed form with 2F1 divides by a - 1 and has poles where a + b + x is 1. The mean has
        neither.
        """
        return beta_mean(
            a=self.a,
            b=self.b + self.first_counts + np.arange(int(repeats.max(initial=0)) + 1.0),
            which=repeats.astype(np.int64),
            shape=self.r + repeats,
            ratio=days / (self.alpha + age),
        )


class BgNbd(_BetaGeometric):
    """BG/NBD: a customer may drop out after every purchase but the first.

    A one-time buyer is therefore alive for certain, however long ago the purchase: see
    docs/model.md before acting on ``p_alive``.

    References
    ----------
    Fader, Hardie & Lee (2005), "'Counting your customers' the easy way: an alternative to the
    Pareto/NBD model". Fader, Hardie & Lee (2008), "Computing P(alive) using the BG/NBD model".
    """

    name = "bg_nbd"
    first_counts = 0


class MbgNbd(_BetaGeometric):
    """MBG/NBD: a customer may drop out after every purchase, the first included.

    References
    ----------
    Batislam, Denizel & Filiztekin (2007), "Empirical validation and comparison of models for
    customer base analysis".
    """

    name = "mbg_nbd"
    first_counts = 1
