"""What every purchase model can do."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.purchase.pairs import Floats


class PurchaseModel(Protocol):
    """A fitted model of when customers buy and when they drop out for good.

    It knows four parameters, in days, and answers for histories of shape (n,). All answers are
    finite, whatever the parameters.
    """

    @property
    def name(self) -> str:
        """``bg_nbd``, ``mbg_nbd`` or ``pareto_nbd``."""
        ...

    def parameters(self, *, unit_days: float = 1.0) -> dict[str, float]:
        """Return the parameters by their names in the literature, per day. Per week with 7."""
        ...

    def log_likelihood(self, history: PurchaseHistory) -> float:
        """Return the weighted sum of log-likelihoods. Of densities in days."""
        ...

    def p_alive(self, history: PurchaseHistory) -> Floats:
        """Return the chance that each customer has not dropped out, shape (n,), in [0, 1]."""
        ...

    def expected_orders(self, history: PurchaseHistory, *, days: float) -> Floats:
        """Return the purchase days to expect within ``days`` after the observation, shape (n,)."""
        ...

    def p_no_order(self, history: PurchaseHistory, *, days: float | Floats) -> Floats:
        """Return the chance of no purchase within ``days`` (or each row's), shape (n,)."""
        ...


class Terms(PurchaseModel, Protocol):
    """How a model's likelihood is made of terms that depend on few numbers.

    The purchase on ``last_day`` was either the customer's last ever, or another one comes after
    the observation. So the likelihood is a common factor of the repeats, times the sum of two
    chances: `log_last` of repeats and last day alone, `log_later` of repeats and age alone.

    ``*_slopes`` also return derivatives by the four parameters, shape (4, m).
    """

    def common_slopes(self, most: int) -> tuple[Floats, Floats]:
        """Return the common factor's logarithm for 0, 1, … ``most`` repeats, with slopes."""
        ...

    def log_later(self, repeats: Floats, age: Floats) -> Floats:
        """Return the log chance of a next purchase, and none of it within ``age``."""
        ...

    def later_slopes(self, repeats: Floats, age: Floats) -> tuple[Floats, Floats]:
        """Return `log_later` with slopes."""
        ...

    def log_last(self, repeats: Floats, last_day: Floats) -> Floats:
        """Return the log chance that no purchase ever follows, or -inf if that is impossible."""
        ...

    def last_slopes(self, repeats: Floats, last_day: Floats) -> tuple[Floats, Floats]:
        """Return `log_last` with slopes, which are 0 where it is impossible."""
        ...

    def log_alive(self, repeats: Floats, age: Floats) -> Floats:
        """Return the log chance of being alive and without a purchase up to ``age``."""
        ...

    def orders_if_alive(self, repeats: Floats, age: Floats, *, days: float) -> Floats:
        """Return the purchases to expect from customers who are alive."""
        ...


def rising(start: float, most: int) -> tuple[Floats, Floats]:
    """Return log(start (start + 1) … (start + k - 1)) for k = 0 … ``most``, and the slopes.

    Sums where others take differences of log-gamma functions: exact for any start.
    """
    factors = start + np.arange(most)
    terms = np.zeros((2, most + 1))
    np.log(factors).cumsum(out=terms[0, 1:])
    (1.0 / factors).cumsum(out=terms[1, 1:])
    return terms[0], terms[1]
