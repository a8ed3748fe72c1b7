"""The score of loyalty: from 0 to 100, the higher, the likelier that an order comes soon.

It ranks customers. It is no chance: what the weights were learnt from is an earlier season.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from tessera.customers.forecasting.correction.regression import linear_part, log_terms
from tessera.customers.forecasting.history.features import available, log_features
from tessera.customers.forecasting.history.known import KnownBuyers
from tessera.customers.forecasting.words import FEATURES
from tessera.customers.purchase.pairs import Floats
from tessera.records.scoring.loyalty import LearntLoyalty

LOYALTY_SCORE = "loyalty_score"  # the profile column
# What counts, and whether more of it may only raise the score (1) or only lower it (-1).
DIRECTIONS: Mapping[str, int] = {
    "orders": 1,
    "silence": -1,
    "silence_share": -1,
    "spend": 1,
    "pace_90d": 1,
    "last_view": -1,
    "views_30d": 1,
    "views_pace": 1,
    "sessions_30d": 1,
    "sessions_pace": 1,
    "last_email": -1,
    "emails_30d": 1,
    "emails_pace": 1,
}
_MOST = 100.0
_MOST_REASONS = 3
_WORTH_SAYING = 0.02  # of the log-odds


@dataclasses.dataclass(frozen=True, kw_only=True)
class LoyaltyReason:
    """One thing known of a customer, and what it adds to the log-odds of an average customer.

    Parameters
    ----------
    feature
        Its name.
    adds
        Above 0 where it raises the score.
    """

    feature: str
    adds: float

    @property
    def text(self) -> str:
        """The reason in words: ``number of purchases raises it (+0.84)``."""
        verb = "raises" if self.adds > 0 else "lowers"
        sign = "+" if self.adds > 0 else "\u2212"
        return f"{FEATURES[self.feature]} {verb} it ({sign}{abs(self.adds):.2f})"


def scored_features(people: KnownBuyers) -> tuple[str, ...]:
    """Return the names of the features that the data allow: those of contacts need contacts."""
    return tuple(name for name in available(people) if name in DIRECTIONS)


def features_of(people: KnownBuyers, *, names: tuple[str, ...], middle_spend: float) -> Floats:
    """Return some features, shape (n, names), clipped logarithms as the forecasts have them."""
    nothing = np.zeros(len(people))  # no feature of the score reads the purchase model
    return log_features(people, names=names, forecast_30d=nothing, middle_spend=middle_spend)


def log_odds(people: KnownBuyers, learnt: LearntLoyalty) -> Floats:
    """Return the log-odds of an order within 90 days, shape (n,)."""
    features = features_of(people, names=learnt.regression.names, middle_spend=learnt.middle_spend)
    return linear_part(learnt.regression, features)


def loyalty_scores(people: KnownBuyers, learnt: LearntLoyalty | None) -> Floats:
    """Return each customer's score, shape (n,). NaN for all where it is not published.

    Notes
    -----
    Each customer's score depends on that customer and the weights alone.
    """
    if learnt is None or not learnt.published:
        return np.full(len(people), np.nan)
    return _MOST / (1 + np.exp(-log_odds(people, learnt)))


def loyalty_reasons(customer: KnownBuyers, learnt: LearntLoyalty) -> tuple[LoyaltyReason, ...]:
    """Return what pushes one customer's score most, at most three, the strongest first."""
    regression = learnt.regression
    features = features_of(customer, names=regression.names, middle_spend=learnt.middle_spend)
    terms = log_terms(regression, features)[0]
    order = np.argsort(-np.abs(terms), kind="stable")[:_MOST_REASONS]
    return tuple(
        LoyaltyReason(feature=regression.names[place], adds=round(float(terms[place]), 4))
        for place in order.tolist()
        if abs(float(terms[place])) >= _WORTH_SAYING
    )
