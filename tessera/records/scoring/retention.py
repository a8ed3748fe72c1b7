"""The retention model of a run's subscriptions: a part of score.json."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Literal


@dataclasses.dataclass(frozen=True, kw_only=True)
class RenewalSurvival:
    """The share of subscribers who are still there after so many renewals.

    Parameters
    ----------
    renewals
        How many.
    at_risk, cancelled
        Subscribers who came to this renewal, and those who left at it. None beyond what was seen.
    observed
        Kaplan and Meier's estimate. None beyond what was seen.
    fitted
        The model's. None without a model.
    """

    renewals: int
    at_risk: int | None
    cancelled: int | None
    observed: float | None
    fitted: float | None

    @property
    def left_share(self) -> float | None:
        """The share of those who came to this renewal that left at it."""
        return (
            self.cancelled / self.at_risk if self.at_risk and self.cancelled is not None else None
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class RetentionHoldout:
    """The forecast for subscribers who were there at the cut, and what happened.

    Parameters
    ----------
    periods
        How many were held out.
    subscribers, cancelled
        The customers that the model had seen by the cut.
    active
        Those of them who were still there.
    stayed
        Those of the active ones who still are now.
    expected, naive
        How many the model and the naive guess expected to stay.
    churn_rate
        The naive guess: the share who left at their last renewal before the cut.
    error, naive_error
        Mean squared error over ``active`` of the chance to stay (Brier's score).
    total_error
        Cancellations expected against those that came, less 1. None when none came.

    References
    ----------
    Brier (1950), "Verification of forecasts expressed in terms of probability".
    """

    periods: int
    subscribers: int
    cancelled: int
    active: int
    stayed: int
    expected: float
    naive: float
    churn_rate: float
    error: float
    naive_error: float
    total_error: float | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChanceSources:
    """How many chances to cancel come from each model.

    Parameters
    ----------
    attributes, retention
        From the model of attributes, and from the retention model.
    """

    attributes: int
    retention: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class RetentionRecord:
    """How long subscribers stay: the model, its test, and whether it may be used.

    Parameters
    ----------
    period_days
        Days from one renewal to the next.
    subscribers, active, cancelled
        Customers who ever subscribed, those who still do, and cancellations in periods that are
        over.
    decision, reason
        Whether the model is used, and why.
    parameters, standard_errors
        Of the shifted-beta-geometric model, by name. None where too few subscribed or cancelled,
        and where there is no standard error.
    log_likelihood
        Of all subscribers. None without a model.
    warnings
        What to know before trusting it, in sentences.
    holdout
        The test. None without one.
    survival
        One row a renewal.
    gave
        How many chances each model gave. None where a version did not count.
    """

    period_days: int
    subscribers: int
    active: int = 0
    cancelled: int
    decision: Literal["publish", "withhold"]
    reason: str
    parameters: Mapping[str, float] | None
    standard_errors: Mapping[str, float] | None
    log_likelihood: float | None
    warnings: tuple[str, ...]
    holdout: RetentionHoldout | None
    survival: tuple[RenewalSurvival, ...]
    gave: ChanceSources | None = None
