"""The report card of a run's purchase and spend models: a part of score.json."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Literal

Grade = Literal["full", "ranking", "none"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Accuracy:
    """One prediction against what happened, over all customers.

    Parameters
    ----------
    predicted, actual
        Totals.
    total_error
        predicted / actual - 1. None when nothing happened.
    mae, rmse
        Mean absolute and root mean squared error of a customer.
    deviance
        Mean Poisson deviance of a customer. None where it is not defined: of money, and of rules
        that expect exactly nothing of customers who bought.
    """

    predicted: float
    actual: float
    total_error: float | None
    mae: float
    rmse: float
    deviance: float | None = None

    @property
    def off_by(self) -> float:
        """The size of the total error: 0 when nothing happened and nothing was to be compared."""
        return abs(self.total_error or 0.0)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Group:
    """Customers of similar prediction: about a tenth of all.

    Parameters
    ----------
    decile
        1 is predicted least, 10 most. Some may be absent where many share a prediction.
    customers
        How many they are.
    predicted, actual
        Means of a customer.
    """

    decile: int
    customers: float
    predicted: float
    actual: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class Discrimination:
    """How well customers who did not order were distinguished from those who did.

    Parameters
    ----------
    auc
        How often a customer who did not order had the higher ``p_no_order``. 0.5 is chance. None
        when all or none ordered.
    auc_of_recency
        The same by the days since the last purchase alone.
    expected_share, actual_share
        Share of customers without an order, as predicted and as happened.
    """

    auc: float | None
    auc_of_recency: float | None
    expected_share: float
    actual_share: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class ValueCaptured:
    """Spend in the holdout: all net money of customers who had bought by the cut-off.

    Parameters
    ----------
    spend
        Predicted (expected orders × expected mean spend) against actual.
    by_prediction, by_past_spend
        Share of it that came from the tenth of customers with the highest predicted value, and
        from that with the highest past spend. None when there was no spend.
    """

    spend: Accuracy
    by_prediction: float | None
    by_past_spend: float | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class StateOutcome:
    """What became of the customers in one state of the gap rule at the cut-off.

    Parameters
    ----------
    state
        The state's name.
    customers
        How many were in it.
    ordered
        Share of them with an order in the holdout.
    """

    state: str
    customers: float
    ordered: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScoredModel:
    """One purchase model in the test.

    Parameters
    ----------
    name
        Its kind.
    accuracy
        Of the orders that it expected in the holdout.
    log_likelihood
        Its fit before the cut-off.
    """

    name: str
    accuracy: Accuracy
    log_likelihood: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class Saving:
    """How much less a forecast loses than a naive rule, as shares of the rule's loss.

    Parameters
    ----------
    mean
        The saving: 0.05 for 5 % less, negative for more.
    at_least
        With 95 % confidence.
    """

    mean: float
    at_least: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class Lead:
    """How much better a forecast ranks customers than a rule, in Gini of what came.

    Parameters
    ----------
    mean
        The lead: 1 would be the difference between perfect and no order at all.
    low, high
        The middle 90 % of its values over samples of the customers.
    """

    mean: float
    low: float
    high: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class Verdict:
    """What may be published of one quantity.

    Parameters
    ----------
    grade
        ``full``: the figures. ``ranking``: the order of customers, and no figures. ``none``.
    reasons
        Why, a sentence each.
    off_by
        Of a number, predicted / actual - 1 in total. Of a chance, predicted - actual in the mean.
        None without a test, or when nothing happened.
    savings
        Against each naive rule, by its name.
    leads
        Against each rule that only ranks, by its name.
    """

    grade: Grade
    reasons: tuple[str, ...]
    off_by: float | None = None
    savings: Mapping[str, Saving] = dataclasses.field(default_factory=dict)
    leads: Mapping[str, Lead] = dataclasses.field(default_factory=dict)

    @property
    def nearest(self) -> str | None:
        """The naive rule that was beaten least surely. None without a test."""
        return min(self.savings, key=lambda name: self.savings[name].at_least, default=None)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Verdicts:
    """The verdict of each quantity.

    Parameters
    ----------
    orders
        The number of orders.
    no_order
        The chance of no order, by the days of its horizon, as text.
    money
        Values of customers.
    """

    orders: Verdict
    no_order: Mapping[str, Verdict]
    money: Verdict

    @property
    def everyone(self) -> tuple[Verdict, ...]:
        """All of them."""
        return (self.orders, *self.no_order.values(), self.money)

    @property
    def any_use(self) -> bool:
        """Whether anything at all is published."""
        return any(one.grade != "none" for one in self.everyone)


@dataclasses.dataclass(frozen=True, kw_only=True)
class GroupOutcome:
    """One kind of customers in the test, in means of a customer.

    Parameters
    ----------
    group
        ``new`` (known for 30 days or less), ``bought_once`` or ``repeated``.
    customers
        How many they are.
    by_model, predicted
        Orders expected by the purchase model alone, and by the forecast.
    actual
        Orders that came.
    """

    group: str
    customers: int
    by_model: float
    predicted: float
    actual: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class RangeTest:
    """Whether ranges made before the cut held after it.

    Parameters
    ----------
    low, high
        The 80 % range of the total of orders.
    actual
        The total that came.
    customers_inside
        The share of customers whose orders were inside their range. None without ranges.
    """

    low: float
    high: float
    actual: float
    customers_inside: float | None

    @property
    def held(self) -> bool:
        """Whether the total was inside."""
        return self.low <= self.actual <= self.high


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReportCard:
    """What was tested, how it went, and what is published.

    Parameters
    ----------
    calibration_days, holdout_days
        Days before and after the cut-off.
    customers, repeat_buyers
        Customers who had bought by the cut-off, and on a second day.
    baselines
        Accuracy of the orders that each naive rule expects, by its name.
    models
        Accuracy of the orders that each purchase model expects, in the order given.
    gap_states
        The same test of the rule that stands in for chances that are not published.
    verdicts
        What is published, and why. None in records of versions that published all or nothing.
    model
        The kind of purchase model that the forecast starts from. None when none was fitted.
    forecast
        Accuracy of the orders that the forecast expects. None without a model.
    notes
        Sentences on what else a reader should know.
    p_alive_means_something
        Whether ``p_alive`` distinguishes customers. If hardly anybody seems to leave, it does not,
        and must not be shown as churn even if chances are published.
    calibration, discrimination
        Of the forecast. Empty and None without one.
    value
        Of the forecast with the spend model. None without either.
    groups
        How new customers, one-time buyers and all others did.
    ranges
        Whether ranges held. None without a forecast.
    """

    calibration_days: float
    holdout_days: float
    customers: float
    repeat_buyers: float
    baselines: Mapping[str, Accuracy]
    models: tuple[ScoredModel, ...]
    gap_states: tuple[StateOutcome, ...]
    verdicts: Verdicts | None = None
    model: str | None = None
    forecast: Accuracy | None = None
    notes: tuple[str, ...] = ()
    p_alive_means_something: bool = False
    calibration: tuple[Group, ...] = ()
    discrimination: Discrimination | None = None
    value: ValueCaptured | None = None
    groups: tuple[GroupOutcome, ...] = ()
    ranges: RangeTest | None = None
