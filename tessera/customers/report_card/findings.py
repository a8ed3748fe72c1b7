"""What a backtest shows beyond the size of errors: how well it ranks risk and value."""

from __future__ import annotations

import numpy as np

from tessera.customers.gap_rule import STATES, gap_states
from tessera.customers.purchase.model import PurchaseModel
from tessera.customers.report_card.backtest import Backtest, Floats
from tessera.customers.report_card.decision import PRESENT
from tessera.customers.report_card.measures import accuracy, auc, top_share
from tessera.records.scoring.report_card import Discrimination, StateOutcome, ValueCaptured


def gap_outcomes(backtest: Backtest) -> tuple[StateOutcome, ...]:
    """Return what became of each state of the gap rule. States that nobody was in lack."""
    place = gap_states(backtest.history).state
    everybody, ordered = (
        np.bincount(place, weights=column, minlength=len(STATES)).tolist()
        for column in (backtest.weights, backtest.weights * (backtest.orders > 0))
    )
    return tuple(
        StateOutcome(state=state, customers=count, ordered=some / count)
        for state, count, some in zip(STATES, everybody, ordered, strict=True)
        if count
    )


def discrimination(orders: Floats, *, silence: Floats, backtest: Backtest) -> Discrimination:
    """Compare who was expected to order least with who did not order.

    Parameters
    ----------
    orders, silence
        Shape (n,): orders expected in the holdout, and the chance of none.
    """
    history, weights, silent = backtest.history, backtest.weights, backtest.orders == 0
    since = history.age_days - history.last_day
    return Discrimination(
        auc=auc(-orders, outcome=silent, weights=weights),
        auc_of_recency=auc(since, outcome=silent, weights=weights),
        expected_share=float((weights * silence).sum()) / backtest.customers,
        actual_share=float(weights[silent].sum()) / backtest.customers,
    )


def value_captured(predicted: Floats, *, backtest: Backtest) -> ValueCaptured:
    """Compare predicted with actual net money in the holdout, shape (n,)."""
    weights = backtest.weights
    return ValueCaptured(
        spend=accuracy(predicted, actual=backtest.spend, weights=weights),
        by_prediction=top_share(predicted, value=backtest.spend, weights=weights),
        by_past_spend=top_share(backtest.past_spend, value=backtest.spend, weights=weights),
    )


def share_gone(model: PurchaseModel, *, backtest: Backtest) -> float:
    """Return the share of customers who may have left: whose P(alive) is below 0.95."""
    rows, _ = backtest.distinct
    gone = model.p_alive(rows) < PRESENT
    return float(rows.weights[gone].sum()) / backtest.customers
