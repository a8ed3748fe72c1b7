"""Pareto/NBD: each customer drops out at some moment, whether they buy or not."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

import numpy as np

from tessera.customers.purchase.likelihood import Answers
from tessera.customers.purchase.model import rising
from tessera.customers.purchase.pairs import Floats
from tessera.customers.purchase.quadrature import Tails


@dataclasses.dataclass(frozen=True, kw_only=True)
class ParetoNbd(Answers):
    """Pareto/NBD: purchases at a rate of Gamma(r, alpha), dropping out at one of Gamma(s, beta).

    The likelihood is usually written with the chance of being alive at T, and an integral over
    dropping out between t_x and T: a difference of two 2F1. Here it is the chance that the next
    purchase comes after T before dropping out, and that dropping out comes after t_x before
    a purchase. Both are integrals to infinity of something positive: nothing cancels.

    Parameters
    ----------
    r, alpha
        Shape and rate (in days) of the gamma distribution of purchase rates.
    s, beta
        Shape and rate (in days) of the gamma distribution of dropout rates.

    References
    ----------
    Schmittlein, Morrison & Colombo (1987), "Counting your customers: who are they and what will
    they do next?". Fader & Hardie (2005), "A note on deriving the Pareto/NBD model and related
    expressions".
    """

    r: float
    alpha: float
    s: float
    beta: float

    name: ClassVar[str] = "pareto_nbd"

    def parameters(self, *, unit_days: float = 1.0) -> dict[str, float]:
        """Return r, alpha, s and beta. Alpha and beta count units of ``unit_days`` days."""
        alpha, beta = self.alpha / unit_days, self.beta / unit_days
        return {"r": self.r, "alpha": alpha, "s": self.s, "beta": beta}

    def common_slopes(self, most: int) -> tuple[Floats, Floats]:
        """Return the log of Γ(r + x) / Γ(r) α^r β^s for x = 0 … ``most``, with slopes."""
        bought, slope = rising(self.r, most)
        slopes = np.empty((4, most + 1))
        slopes[0] = slope + np.log(self.alpha)
        slopes[1] = self.r / self.alpha
        slopes[2] = np.log(self.beta)
        slopes[3] = self.s / self.beta
        return bought + self.r * np.log(self.alpha) + self.s * np.log(self.beta), slopes

    def log_later(self, repeats: Floats, age: Floats) -> Floats:
        """Return log((r + x) ∫ (α + u)^-(r + x + 1) (β + u)^-s du) from T to infinity."""
        return self._later(repeats, age).logs() + np.log(self.r + repeats)

    def later_slopes(self, repeats: Floats, age: Floats) -> tuple[Floats, Floats]:
        """Return `log_later` with slopes."""
        value, slopes = self._later(repeats, age).slopes()
        slopes[0] += 1.0 / (self.r + repeats)
        return value + np.log(self.r + repeats), slopes

    def log_last(self, repeats: Floats, last_day: Floats) -> Floats:
        """Return log(s ∫ (α + u)^-(r + x) (β + u)^-(s + 1) du) from t_x to infinity."""
        return self._last(repeats, last_day).logs() + float(np.log(self.s))

    def last_slopes(self, repeats: Floats, last_day: Floats) -> tuple[Floats, Floats]:
        """Return `log_last` with slopes."""
        value, slopes = self._last(repeats, last_day).slopes()
        slopes[2] += 1.0 / self.s
        return value + np.log(self.s), slopes

    def log_alive(self, repeats: Floats, age: Floats) -> Floats:
        """Return -(r + x) log(α + T) - s log(β + T)."""
        return -(self.r + repeats) * np.log(self.alpha + age) - self.s * np.log(self.beta + age)

    def orders_if_alive(self, repeats: Floats, age: Floats, *, days: float) -> Floats:
        """Return (r + x)(β + T)/(α + T) × (1 - (1 + days/(β + T))^(1 - s)) / (s - 1)."""
        lifetime = np.log1p(days / (self.beta + age))
        power = (1 - self.s) * lifetime
        near = np.abs(power) < 1e-8  # there the quotient is 1 to the last digit that counts
        growth = np.where(near, 1.0, np.expm1(power) / np.where(near, 1.0, power))
        rate = (self.r + repeats) / (self.alpha + age)
        return rate * (self.beta + age) * lifetime * growth

    def _later(self, repeats: Floats, age: Floats) -> Tails:
        n = self.r + repeats
        return Tails(n + 1, np.full(len(n), self.s), self.alpha + age, self.beta + age)

    def _last(self, repeats: Floats, last_day: Floats) -> Tails:
        n = self.r + repeats
        return Tails(n, np.full(len(n), self.s + 1), self.alpha + last_day, self.beta + last_day)
