"""The Gamma-Gamma model: what a customer will spend per purchase, learnt from all customers.

A customer's purchases vary around a mean of the customer's own, and those means vary between
customers. So few purchases say little and are drawn towards everybody's mean. Many speak for
themselves.
"""

from __future__ import annotations

import dataclasses
from typing import Self

import numpy as np

from tessera.customers.spend.history import Floats, SpendHistory
from tessera.records.scoring.forecast_models import SpendParameters


@dataclasses.dataclass(frozen=True, kw_only=True)
class SpendModel(SpendParameters):
    """A fitted Gamma-Gamma.

    Parameters
    ----------
    p
        Shape of one purchase's value: the higher, the more alike are a customer's purchases.
    q, v
        Shape and scale of how customers differ. v carries the currency's unit.
    population_mean
        What a customer without any history spends per purchase: p v / (q - 1) if the model has
        that mean.
    finite_mean
        Whether it has. With q at 1 or less, or a mean beyond every customer's, it has none
        that could be used: the weighted mean of the customers it was fitted on stands in.

    References
    ----------
    Fader & Hardie (2013), "The Gamma-Gamma model of monetary value".
    """

    @classmethod
    def of(cls, parameters: SpendParameters) -> Self:
        """Return the model with these parameters."""
        return cls(**dataclasses.asdict(parameters))

    def expected_mean_spend(self, history: SpendHistory) -> Floats:
        """Return what each customer is expected to spend per purchase, shape (n,).

        Notes
        -----
        A weighted mean of the population's mean, at weight q - 1, and the customer's own, at
        weight p x: the same as p (v + x m) / (p x + q - 1). One-time buyers, and repeat buyers
        whose net repeat spend is not positive, get the population's. Where the model has no
        finite mean the prior's weight is q, which keeps every answer between the two means.
        """
        own = history.informative
        prior = self.q - 1 if self.finite_mean else self.q
        known = self.p * np.where(own, history.repeats, 0.0)
        mean = np.where(own, history.mean_spend, 0.0)
        expected: Floats = (prior * self.population_mean + known * mean) / (prior + known)
        return expected
