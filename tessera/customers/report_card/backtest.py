"""A backtest's data: what was known at the cut-off, and what happened after it."""

from __future__ import annotations

import dataclasses
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tessera.customers.money import Ints
from tessera.customers.purchase.history import PurchaseHistory
from tessera.errors import InvalidInput

Floats = npt.NDArray[np.float64]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Backtest:
    """Customers who had bought by the cut-off, shape (n,) each. Money in major currency units.

    Parameters
    ----------
    history
        Their purchases by the cut-off, with the weights of the rows.
    past_spend
        Their net money by the cut-off, first purchase included.
    orders, spend
        Their purchase days and net money in the holdout.
    holdout_days
        The days after the cut-off that were held out.

    Raises
    ------
    InvalidInput
        Columns differ in length, a number is missing, or the holdout has no days.
    """

    history: PurchaseHistory
    past_spend: Floats
    orders: Floats
    spend: Floats
    holdout_days: float

    def __post_init__(self) -> None:
        shape = self.history.repeats.shape
        for name in ("past_spend", "orders", "spend"):
            if getattr(self, name).shape != shape:
                raise InvalidInput(
                    f"{name} of the backtest has the shape {getattr(self, name).shape}: "
                    f"expected {shape}, as its history has"
                )
        for name in ("past_spend", "orders", "spend"):
            if not np.isfinite(getattr(self, name)).all():
                raise InvalidInput(f"{name} of the backtest has values that are no numbers")
        if not self.holdout_days > 0:
            raise InvalidInput(f"holdout_days is {self.holdout_days}: expected more than 0")

    @cached_property
    def distinct(self) -> tuple[PurchaseHistory, Ints]:
        """The history's distinct rows, and each customer's place among them."""
        return self.history.distinct()

    @property
    def weights(self) -> Floats:
        """Customers that each row stands for."""
        return self.history.weights

    @property
    def customers(self) -> float:
        """How many customers there are."""
        return float(self.weights.sum())

    @property
    def repeat_buyers(self) -> float:
        """How many of them had bought on a second day by the cut-off."""
        return float(self.weights[self.history.repeats > 0].sum())

    @property
    def calibration_days(self) -> float:
        """Days from the first purchase of all to the cut-off. 0 without customers."""
        return float(self.history.age_days.max(initial=0.0))

    @property
    def held_out_orders(self) -> float:
        """All customers' purchase days in the holdout."""
        return float((self.weights * self.orders).sum())
