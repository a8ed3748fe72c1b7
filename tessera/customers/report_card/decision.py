"""Whether the predictions may be shown, which model makes them, and why: in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tessera.customers.report_card.backtest import Backtest
from tessera.customers.report_card.baselines import MEANINGS
from tessera.customers.report_card.split import LEAST_CALIBRATION_DAYS, LEAST_HOLDOUT_DAYS
from tessera.records.scoring.report_card import Accuracy, ModelDecision, ScoredModel

# Fitted on samples of real shops (CDNOW, apparel, grocery) with 100 repeat buyers, a model's total
# differs by 6 to 17 % by chance. With 50 it differs by 12 to 22 %.
LEAST_REPEAT_BUYERS = 100
LEAST_HOLDOUT_ORDERS = 30  # a total of 30 is only known to 18 %. Of fewer, chance decides
RIGHT_TOTAL = 0.1  # of the orders that happened
WORST_TOTAL = 0.5
LEAST_AUC = 0.55
PRESENT = 0.95  # a P(alive) that leaves no doubt worth a message
_HARDLY_ANYBODY = 0.01
_TIE = 1e-3  # of the lowest MAE
_SAME_LIKELIHOOD = 0.5  # smaller differences in log-likelihood are noise

_TITLES = {"bg_nbd": "BG/NBD", "mbg_nbd": "MBG/NBD", "pareto_nbd": "Pareto/NBD"}


def title(kind: str) -> str:
    """Return a purchase model's name as the literature writes it."""
    return _TITLES.get(kind, kind)


def decide(
    chosen: ScoredModel | None,
    *,
    naive: Mapping[str, Accuracy],
    backtest: Backtest,
    auc: float | None = None,
    share_gone: float = 0.0,
) -> ModelDecision:
    """Publish the best model, unless data are missing, it loses to a baseline, or it misleads.

    Parameters
    ----------
    chosen
        The best model. None when none could be fitted.
    naive
        The baselines' accuracy.
    backtest
        What all were tested on.
    auc
        How well its ``p_no_order`` ranks customers. None if all or none of them ordered.
    share_gone
        The share of customers whose P(alive) is below 0.95.

    Notes
    -----
    A model loses when its mean absolute error is not below both baselines'. That measure alone
    would be unfair: it is least for the median, which is 0 wherever most customers don't come
    back, so that expecting nothing of one-time buyers beats even the model that the data were
    drawn from. So a loss is forgiven when the squared error, which is least for the true
    expectation, is below both baselines' and the total is right to a tenth. Whatever its errors, a
    model misleads if its total is off by half, or if it ranks non-buyers no better than a coin.
    """
    lacking = missing(backtest)
    if chosen is None:
        nothing = "no model could be fitted to what was known at the cut-off"
        return ModelDecision(publish=False, model=None, reasons=lacking or (nothing,))
    behind = _behind(chosen, naive=naive)
    lost = () if _right_on_average(chosen.accuracy, naive=naive) else behind
    against = (*lacking, *lost, *_misleading(chosen, auc=auc))
    nobody_leaves = share_gone < _HARDLY_ANYBODY
    return ModelDecision(
        publish=not against,
        model=chosen.name,
        reasons=against or _won(chosen, naive=naive, days=backtest.holdout_days),
        notes=(
            *(_on_squared_errors(chosen, naive=naive) if behind else ()),
            *(_on_p_alive(share_gone) if nobody_leaves else ()),
        ),
        p_alive_means_something=not nobody_leaves,
    )


def best(scored: Sequence[ScoredModel]) -> ScoredModel | None:
    """Return the model with the lowest MAE in the holdout. None without models.

    Models within a thousandth of it tie, and the highest log-likelihood before the cut-off wins.
    Of those within 0.5 of that, the first in order.
    """
    if not scored:
        return None
    lowest = min(model.accuracy.mae for model in scored)
    tied = [model for model in scored if model.accuracy.mae <= lowest * (1 + _TIE)]
    highest = max(model.log_likelihood for model in tied)
    return next(model for model in tied if model.log_likelihood >= highest - _SAME_LIKELIHOOD)


def missing(backtest: Backtest) -> tuple[str, ...]:
    """Return what a backtest lacks to decide anything, in sentences. None when it has enough."""
    wanted = (
        (backtest.calibration_days, LEAST_CALIBRATION_DAYS, "days of history before the cut-off"),
        (backtest.holdout_days, LEAST_HOLDOUT_DAYS, "days held out"),
        (backtest.repeat_buyers, LEAST_REPEAT_BUYERS, "repeat buyers before the cut-off"),
        (backtest.held_out_orders, LEAST_HOLDOUT_ORDERS, "purchase days in the holdout"),
    )
    return tuple(
        f"{what}: {have:,.0f}, and a model that can be trusted needs at least {least:,}"
        for have, least, what in wanted
        if have < least
    )


def _behind(chosen: ScoredModel, *, naive: Mapping[str, Accuracy]) -> tuple[str, ...]:
    ours = chosen.accuracy
    ahead = [
        f"{MEANINGS[name]} ({theirs.mae:.3f})"
        for name, theirs in naive.items()
        if ours.mae >= theirs.mae
    ]
    if not ahead:
        return ()
    return (
        f"{title(chosen.name)}, the best model, is off by {ours.mae:.3f} purchase days a "
        f"customer: no better than to assume that {' or that '.join(ahead)}",
    )


def _misleading(chosen: ScoredModel, *, auc: float | None) -> tuple[str, ...]:
    reasons, ours = [], chosen.accuracy
    if ours.off_by > WORST_TOTAL:
        reasons.append(
            f"{title(chosen.name)}, the best model, expected {ours.predicted:,.0f} purchase "
            f"days of all customers together, and {ours.actual:,.0f} happened"
        )
    if auc is not None and auc < LEAST_AUC:
        reasons.append(
            f"{title(chosen.name)}, the best model, barely distinguishes who will not order: of "
            f"two customers, one of which ordered, it is right in {100 * auc:.0f} of 100 cases, "
            "and a coin in 50"
        )
    return tuple(reasons)


def _right_on_average(ours: Accuracy, *, naive: Mapping[str, Accuracy]) -> bool:
    closer = all(ours.rmse < theirs.rmse for theirs in naive.values())
    return closer and ours.off_by <= RIGHT_TOTAL


def _won(chosen: ScoredModel, *, naive: Mapping[str, Accuracy], days: float) -> tuple[str, ...]:
    others = " and ".join(
        f"{theirs.mae:.3f} when {MEANINGS[name]}" for name, theirs in naive.items()
    )
    return (
        f"over {days:g} days that it had not seen, {title(chosen.name)} is off by "
        f"{chosen.accuracy.mae:.3f} purchase days a customer, against {others}",
    )


def _on_squared_errors(chosen: ScoredModel, *, naive: Mapping[str, Accuracy]) -> tuple[str, ...]:
    ours = chosen.accuracy
    others = " and ".join(f"{theirs.rmse:.3f}" for theirs in naive.values())
    comparison = (
        f"absolute errors favour a forecast of nothing; by squared errors {title(chosen.name)} has "
        f"{ours.rmse:.3f} against {others} (RMSE)"
    )
    if ours.total_error is None:
        return (comparison,)
    return (f"{comparison}, and its total is off by {100 * ours.total_error:+.0f} %",)


def _on_p_alive(share_gone: float) -> tuple[str, ...]:
    return (
        f"hardly anybody seems ever to leave: P(alive) is below {PRESENT} for "
        f"{100 * share_gone:.1f} % of customers, so it does not distinguish customers and is no "
        "churn score",
    )
