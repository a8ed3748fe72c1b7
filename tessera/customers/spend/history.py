"""What customers spent per purchase so far: the spend model's input."""

from __future__ import annotations

import dataclasses
from typing import Self

import numpy as np
import numpy.typing as npt

from tessera.errors import InvalidInput

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, kw_only=True)
class SpendHistory:
    """Repeat purchases and their mean value, one row a customer or a group of equal customers.

    The first purchase counts in neither: its value often differs, and the model describes what
    comes after it.

    Parameters
    ----------
    repeats : shape (n,)
        Purchase days after the first.
    mean_spend : shape (n,)
        Net money of those days, refunds taken off, per purchase day, in major currency units.
        Ignored without repeats. NaN there is fine.
    weights : shape (n,)
        Customers that each row stands for.
    """

    repeats: Floats
    mean_spend: Floats
    weights: Floats

    @classmethod
    def of(
        cls,
        repeats: npt.ArrayLike,
        *,
        mean_spend: npt.ArrayLike,
        weights: npt.ArrayLike | None = None,
    ) -> Self:
        """Return a history of these columns, each row one customer unless weights say otherwise.

        Raises
        ------
        InvalidInput
            The columns differ in length, or repeats or weights are negative or no numbers.
        """
        x, m = np.asarray(repeats, np.float64), np.asarray(mean_spend, np.float64)
        w = np.ones(x.shape) if weights is None else np.asarray(weights, np.float64)
        if not x.shape == m.shape == w.shape or x.ndim != 1:
            raise InvalidInput(
                f"repeats, mean_spend and weights have the shapes {x.shape}, {m.shape} and "
                f"{w.shape}: expected three columns of one length"
            )
        for name, column in (("repeats", x), ("weights", w)):
            if not (np.isfinite(column) & (column >= 0)).all():
                raise InvalidInput(f"{name} of spend histories must be numbers, at least 0")
        return cls(repeats=x, mean_spend=m, weights=w)

    @property
    def informative(self) -> Flags:
        """Whose spend says something, shape (n,): repeat buyers whose net repeat spend is positive.

        Refunds can take it to zero or below, which no distribution of spend allows.
        """
        bought: Flags = (self.repeats > 0) & (self.weights > 0)
        return bought & (self.mean_spend > 0) & (self.mean_spend < np.inf)
