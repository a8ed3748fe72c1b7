"""The report card of a run's purchase and spend models: a part of score.json."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping


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
    """

    predicted: float
    actual: float
    total_error: float | None
    mae: float
    rmse: float

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
class ModelDecision:
    """What is published.

    Parameters
    ----------
    publish
        Whether the model's predictions may be shown and used.
    model
        The best model by the backtest, published or not. None when there is none.
    reasons
        Sentences for the decision.
    notes
        Sentences on what else a reader should know.
    p_alive_means_something
        Whether ``p_alive`` distinguishes customers. If hardly anybody seems to leave, it does not,
        and must not be shown as churn even if the model is published.
    """

    publish: bool
    model: str | None
    reasons: tuple[str, ...]
    notes: tuple[str, ...] = ()
    p_alive_means_something: bool = False


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
        Accuracy of the orders that each model expects, in the order given.
    gap_states
        The same test of the rule that stands in for a model that is not published.
    decision
        What is published and why.
    calibration, discrimination
        Of the best model. Empty and None without a model.
    value
        Of the best model with the spend model. None without either.
    """

    calibration_days: float
    holdout_days: float
    customers: float
    repeat_buyers: float
    baselines: Mapping[str, Accuracy]
    models: tuple[ScoredModel, ...]
    gap_states: tuple[StateOutcome, ...]
    decision: ModelDecision
    calibration: tuple[Group, ...] = ()
    discrimination: Discrimination | None = None
    value: ValueCaptured | None = None
