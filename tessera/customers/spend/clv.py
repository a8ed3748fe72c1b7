"""Customer lifetime value: margin × mean spend × discounted expected orders."""

from __future__ import annotations

import dataclasses
import math
from typing import Self

import numpy as np

from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.purchase.model import PurchaseModel
from tessera.customers.spend.history import Floats
from tessera.errors import InvalidInput
from tessera.settings import RunSettings

YEAR_DAYS = 365.0
_NODES = 5  # of the quadrature: exact to 1e-5 and better for a year at 10 %


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClvTerms:
    """What a lifetime value counts. A value means nothing without its ``label``.

    Parameters
    ----------
    horizon_days
        How far ahead orders count.
    annual_discount_rate
        What money loses in 365 days: 0.1 makes 1.10 in a year worth 1.00 today.
    margin
        The share of revenue that is profit. 1 values revenue.
    step_days
        None discounts every order from the moment it is expected. A number discounts all orders
        of a step of so many days from the step's end, as tables with monthly columns do.

    Raises
    ------
    InvalidInput
        A number is out of range.
    """

    horizon_days: float = YEAR_DAYS
    annual_discount_rate: float = 0.1
    margin: float = 1.0
    step_days: float | None = None

    @classmethod
    def of(cls, settings: RunSettings) -> Self:
        """Return what the lifetime values of a run count."""
        return cls(
            horizon_days=settings.clv_horizon_days,
            annual_discount_rate=settings.clv_discount_rate,
            margin=settings.margin,
        )

    def __post_init__(self) -> None:
        if not (math.isfinite(self.horizon_days) and self.horizon_days > 0):
            raise InvalidInput(f"horizon_days is {self.horizon_days}: expected days, above 0")
        if not 0 <= self.annual_discount_rate < math.inf:
            raise InvalidInput(
                f"annual_discount_rate is {self.annual_discount_rate}: expected 0 or more"
            )
        if not 0 < self.margin <= 1:
            raise InvalidInput(f"margin is {self.margin}: expected above 0 and at most 1")
        if self.step_days is not None and not 1 <= self.step_days <= self.horizon_days:
            raise InvalidInput(
                f"step_days is {self.step_days}: expected 1 day to horizon_days, or none"
            )

    @property
    def label(self) -> str:
        """What the value is: ``revenue of the next 365 days, discounted by 10 % a year``."""
        worth = "revenue" if self.margin == 1 else f"profit ({100 * self.margin:g} % margin)"
        discount = (
            f"discounted by {100 * self.annual_discount_rate:g} % a year"
            if self.annual_discount_rate
            else "not discounted"
        )
        return f"{worth} of the next {self.horizon_days:g} days, {discount}"

    def discount(self, days: Floats) -> Floats:
        """Return what a unit of money is worth today that comes after so many days."""
        worth: Floats = (1 + self.annual_discount_rate) ** (-days / YEAR_DAYS)
        return worth

    def schedule(self) -> tuple[Floats, Floats]:
        """Return days and weights, shape (k,) each: discounted orders are Σ weight × orders by day.

        Notes
        -----
        With E(t) the orders expected by day t and δ(t) the discount, ∫ δ dE over the horizon H is
        δ(H) E(H) - ∫ δ' E dt by parts, and the last integral is smooth enough for Gauss-Legendre
        quadrature. Steps are the same sum with δ constant in each.
        """
        if not self.annual_discount_rate:
            return np.array([self.horizon_days]), np.array([1.0])
        if self.step_days is not None:
            return self._steps(self.step_days)
        nodes, shares = np.polynomial.legendre.leggauss(_NODES)
        days = (nodes + 1) / 2 * self.horizon_days
        rate = math.log1p(self.annual_discount_rate) / YEAR_DAYS
        weights = shares / 2 * self.horizon_days * rate * self.discount(days)
        end = np.array([self.horizon_days])
        return np.append(days, end), np.append(weights, self.discount(end))

    def _steps(self, step_days: float) -> tuple[Floats, Floats]:
        count = math.ceil(self.horizon_days / step_days - 1e-9)
        ends = np.minimum(np.arange(1, count + 1) * step_days, self.horizon_days)
        discounts = self.discount(ends)
        return ends, discounts - np.append(discounts[1:], 0.0)


@dataclasses.dataclass(frozen=True, kw_only=True)
class LifetimeValue:
    """What customers are worth, shape (n,) each, in major currency units.

    Parameters
    ----------
    historic
        Net money so far × margin. Below zero when refunds exceed purchases.
    future
        The predicted part: what is called CLV.
    """

    historic: Floats
    future: Floats

    @property
    def total(self) -> Floats:
        """Both together."""
        return self.historic + self.future


def lifetime_value(
    model: PurchaseModel,
    history: PurchaseHistory,
    *,
    mean_spend: Floats,
    net_spend: Floats,
    terms: ClvTerms,
) -> LifetimeValue:
    """Return what each customer was and will be worth.

    Parameters
    ----------
    model, history
        Say how many orders to expect.
    mean_spend : shape (n,)
        Expected money per order, from ``SpendModel.expected_mean_spend``.
    net_spend : shape (n,)
        Money so far, refunds taken off.
    terms
        Horizon, discount rate and margin.
    """
    orders = discounted_orders(model, history, terms=terms)
    return LifetimeValue(
        historic=terms.margin * net_spend, future=terms.margin * mean_spend * orders
    )


def discounted_orders(model: PurchaseModel, history: PurchaseHistory, *, terms: ClvTerms) -> Floats:
    """Return the orders that each customer is expected to place, discounted to today. Shape (n,).

    References
    ----------
    Fader, Hardie & Lee (2005), "RFM and CLV: using iso-value curves for customer base analysis".
    """
    rows, place = history.distinct()
    orders = np.zeros(len(rows.repeats))
    for days, weight in zip(*terms.schedule(), strict=True):
        orders += weight * model.expected_orders(rows, days=float(days))
    return orders[place]
