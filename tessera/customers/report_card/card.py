"""The report card of a run: a backtest of all purchase models and the spend model.

The models are fitted on what was known at a cut-off. The holdout after it says how far off they
were, against what a shop would assume without a model.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from tessera.customers.purchase.model import PurchaseModel
from tessera.customers.report_card.backtest import Backtest, Floats
from tessera.customers.report_card.baselines import baselines
from tessera.customers.report_card.decision import best, decide
from tessera.customers.report_card.findings import (
    discrimination,
    gap_outcomes,
    share_gone,
    value_captured,
)
from tessera.customers.report_card.measures import accuracy, deciles
from tessera.customers.spend.gamma_gamma import SpendModel
from tessera.records.scoring.report_card import Accuracy, ReportCard, ScoredModel


def report_card(
    models: Sequence[PurchaseModel], *, backtest: Backtest, spend: SpendModel | None
) -> ReportCard:
    """Test models on a holdout that they have not seen, and decide what is published.

    Parameters
    ----------
    models
        Candidates, fitted on the backtest's history. With none, nothing is published.
    backtest
        What was known at the cut-off, and what happened after it.
    spend
        Fitted on the same history. None when it could not be.
    """
    candidates = {model.name: model for model in models} if backtest.customers else {}
    naive = {name: _accuracy(orders, backtest) for name, orders in baselines(backtest).items()}
    expected = {name: _orders(model, backtest) for name, model in candidates.items()}
    scored = tuple(
        ScoredModel(
            name=name,
            accuracy=_accuracy(expected[name], backtest),
            log_likelihood=model.log_likelihood(backtest.distinct[0]),
        )
        for name, model in candidates.items()
    )
    card = ReportCard(
        calibration_days=backtest.calibration_days,
        holdout_days=backtest.holdout_days,
        customers=backtest.customers,
        repeat_buyers=backtest.repeat_buyers,
        baselines=naive,
        models=scored,
        gap_states=gap_outcomes(backtest),
        decision=decide(None, naive=naive, backtest=backtest),
    )
    chosen = best(scored)
    if chosen is None:
        return card
    model, orders = candidates[chosen.name], expected[chosen.name]
    ranking = discrimination(model, backtest=backtest)
    return dataclasses.replace(
        card,
        decision=decide(
            chosen,
            naive=naive,
            backtest=backtest,
            auc=ranking.auc,
            share_gone=share_gone(model, backtest=backtest),
        ),
        calibration=deciles(orders, actual=backtest.orders, weights=backtest.weights),
        discrimination=ranking,
        value=None if spend is None else value_captured(orders, backtest=backtest, spend=spend),
    )


def _orders(model: PurchaseModel, backtest: Backtest) -> Floats:
    rows, place = backtest.distinct
    return model.expected_orders(rows, days=backtest.holdout_days)[place]


def _accuracy(predicted: Floats, backtest: Backtest) -> Accuracy:
    return accuracy(predicted, actual=backtest.orders, weights=backtest.weights)
