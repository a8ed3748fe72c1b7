"""A customer's purchase history in three numbers: all that the purchase models look at."""

from __future__ import annotations

import dataclasses
from functools import cached_property

import numpy as np

from tessera.customers.money import Ints
from tessera.customers.purchase.pairs import Floats, Pairs, distinct, encode, pair, totals
from tessera.errors import InvalidInput

_COLUMNS = ("repeats", "last_day", "age_days", "weights")


@dataclasses.dataclass(frozen=True, kw_only=True)
class PurchaseHistory:
    """When customers bought, counted in purchase days: calendar days with at least one order.

    Parameters
    ----------
    repeats
        Shape (n,), whole numbers: purchase days after the first. 0 for a one-time buyer.
    last_day
        Shape (n,), days from the first purchase day to the last. 0 for a one-time buyer.
    age_days
        Shape (n,), days from the first purchase day to the end of the observation. Days may be
        fractions, but whole ones are faster.
    weights
        Shape (n,), how many customers each row stands for. One each by default.

    Raises
    ------
    InvalidInput
        Columns differ in length, a number is not finite or is negative, ``repeats`` is not whole,
        a last purchase lies after the observation, or a purchase day after the first is not later
        than the first.
    """

    repeats: Floats
    last_day: Floats
    age_days: Floats
    weights: Floats = dataclasses.field(default_factory=lambda: np.ones(1))

    def __post_init__(self) -> None:
        rows = len(self.repeats)
        for name in _COLUMNS:
            column = np.asarray(getattr(self, name), np.float64)
            if name == "weights" and column.shape == (1,):
                column = np.broadcast_to(column, (rows,))
            if column.shape != (rows,):
                raise InvalidInput(f"purchase history: {name} has not one value for each row")
            if not np.isfinite(column).all() or column.min(initial=0) < 0:
                raise InvalidInput(f"purchase history: {name} must be finite and not negative")
            object.__setattr__(self, name, column)
        self._check_days()

    def _check_days(self) -> None:
        if (self.counts != self.repeats).any():
            raise InvalidInput("purchase history: repeats must be whole numbers")
        if (self.last_day > self.age_days).any():
            raise InvalidInput("purchase history: a last purchase lies after the observation")
        if ((self.last_day > 0) != (self.repeats > 0)).any():
            raise InvalidInput(
                "purchase history: last_day must be 0 for one-time buyers, and more for all others"
            )

    def __len__(self) -> int:
        return len(self.repeats)

    @cached_property
    def counts(self) -> Ints:
        """Shape (n,), ``repeats`` as integers."""
        return self.repeats.astype(np.int64)

    @cached_property
    def ages(self) -> Pairs:
        """The distinct pairs of repeats and age."""
        return pair(self.counts, self.age_days)

    @cached_property
    def lasts(self) -> Pairs:
        """The distinct pairs of repeats and last day."""
        return pair(self.counts, self.last_day)

    @cached_property
    def kept(self) -> dict[object, tuple[Floats, Floats]]:
        """What models computed of these rows, by model: each asks the same again and again."""
        return {}

    def take(self, rows: Ints) -> PurchaseHistory:
        """Return some rows."""
        return PurchaseHistory(**{name: getattr(self, name)[rows] for name in _COLUMNS})

    def distinct(self) -> tuple[PurchaseHistory, Ints]:
        """Return the distinct rows, weights added up, and each row's place among them.

        Returns
        -------
        PurchaseHistory, Ints
            Rows ascend by repeats, then age, then last day. Places have shape (n,), so that
            ``model.p_alive(rows)[places]`` is everyone's.
        """
        return self._distinct

    @cached_property
    def _distinct(self) -> tuple[PurchaseHistory, Ints]:
        days, codes = encode(self.last_day)
        keys, place = distinct(self.ages.place * len(days) + codes)
        ages, lasts = np.divmod(keys, len(days))
        rows = PurchaseHistory(
            repeats=self.ages.counts[ages],
            last_day=days[lasts],
            age_days=self.ages.days[ages],
            weights=totals(place, weights=self.weights, groups=len(keys)),
        )
        return rows, place
