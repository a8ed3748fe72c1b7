"""Why a customer's forecast differs from the purchase model's, in plain words."""

from __future__ import annotations

import dataclasses

import numpy as np

from tessera.customers.forecasting.correction.applying import blend_of, expected_orders
from tessera.customers.forecasting.correction.regression import log_terms
from tessera.customers.forecasting.history.snapshot import BuyerSnapshot
from tessera.customers.forecasting.words import FEATURES
from tessera.customers.purchase.pairs import Floats
from tessera.records.scoring.learnt_forecasts import LearntOrders

MOST = 3
_WORTH_SAYING = 0.02  # of a factor: less is no reason


@dataclasses.dataclass(frozen=True, kw_only=True)
class FactorReason:
    """One thing known of a customer, and what it multiplies the forecast by.

    Parameters
    ----------
    feature
        Its name.
    factor
        Above 1 for more orders than the purchase model alone expects of such customers.
    """

    feature: str
    factor: float

    @property
    def text(self) -> str:
        """The reason in words: ``last 90 days against the usual pace: × 1.40``."""
        return f"{FEATURES[self.feature]}: × {self.factor:.2f}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Explanation:
    """A customer's forecast of orders, part by part.

    Parameters
    ----------
    by_model
        Orders that the purchase model alone expects.
    expected
        Orders that are forecast.
    reasons
        What changes most, at most three, the strongest first. Empty where nothing was learnt.
    tree_share
        The share of the forecast that customers with a like history decide.
    level
        What the forecasts of all customers of this kind are multiplied by.
    """

    by_model: float
    expected: float
    reasons: tuple[FactorReason, ...]
    tree_share: float
    level: float

    @property
    def without_amounts(self) -> tuple[str, ...]:
        """The reasons in plain words, as far as they give no forecast away."""
        trees = (
            f"what customers with a like history did next counts for {100 * self.tree_share:.0f} %"
        )
        return (*(one.text for one in self.reasons), *([trees] if self.tree_share else ()))

    @property
    def sentences(self) -> tuple[str, ...]:
        """The explanation in plain words."""
        smaller = " with smaller reasons" if len(self.reasons) == MOST else ""
        return (
            f"the purchase model expects {self.by_model:.2f} orders in a year",
            *self.without_amounts,
            *([f"everybody's forecasts: × {self.level:.2f}"] if self._level_matters else ()),
            f"together{smaller}: {self.expected:.2f} orders",
        )

    @property
    def _level_matters(self) -> bool:
        return abs(self.level - 1) >= _WORTH_SAYING


def explain_orders(learnt: LearntOrders, at: BuyerSnapshot) -> list[Explanation]:
    """Explain the forecast of each customer, in the order given."""
    weight, share = blend_of(learnt.blends, at.known)
    expected = expected_orders(learnt, at)
    by_model = at.by_model(learnt.scale.days)
    terms = _terms(learnt, at, weight)
    names = learnt.regression.names if learnt.regression else ()
    level = learnt.scale.of_factor * np.exp(weight * _intercept(learnt))
    return [
        Explanation(
            by_model=float(by_model[row]),
            expected=float(expected[row]),
            reasons=_strongest(names, terms[row]),
            tree_share=float(share[row]) if learnt.forest else 0.0,
            level=float(level[row]),
        )
        for row in range(len(at.known))
    ]


def _intercept(learnt: LearntOrders) -> float:
    return learnt.regression.intercept if learnt.regression else 0.0


def _terms(learnt: LearntOrders, at: BuyerSnapshot, weight: Floats) -> Floats:
    if learnt.regression is None:
        return np.zeros((len(at.known), 0))
    features = at.features_of(learnt.regression.names)
    terms: Floats = np.exp(weight[:, None] * log_terms(learnt.regression, features))
    return terms


def _strongest(names: tuple[str, ...], factors: Floats) -> tuple[FactorReason, ...]:
    order = np.argsort(-np.abs(np.log(factors)), kind="stable")[:MOST]
    return tuple(
        FactorReason(feature=names[place], factor=round(float(factors[place]), 4))
        for place in order.tolist()
        if abs(float(factors[place]) - 1) >= _WORTH_SAYING
    )
