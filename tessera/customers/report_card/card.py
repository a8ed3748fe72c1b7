"""The report card of a run: a test of the forecasts on days that they had not seen.

Everything is learnt from what was known at a cut-off. The holdout after it says how far off the
forecasts were, against what a shop would assume without a model, and what may be published.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tessera.customers.forecasting.correction.losses import (
    brier,
    poisson_deviance,
    tweedie_deviance,
)
from tessera.customers.forecasting.history.known import GROUPS
from tessera.customers.forecasting.lesson import Lesson
from tessera.customers.report_card import baselines as naive
from tessera.customers.report_card.backtest import Backtest, Floats
from tessera.customers.report_card.decision import HARDLY_ANYBODY, missing, on_p_alive
from tessera.customers.report_card.findings import (
    discrimination,
    gap_outcomes,
    share_gone,
    value_captured,
)
from tessera.customers.report_card.holdout import Holdout, range_test
from tessera.customers.report_card.measures import accuracy, deciles
from tessera.customers.report_card.verdicts import (
    RIGHT_CHANCE,
    RIGHT_TOTAL,
    Tried,
    judge,
    mean_off,
    rivals,
    total_off,
    untested,
)
from tessera.records.scoring.report_card import (
    Accuracy,
    GroupOutcome,
    ReportCard,
    ScoredModel,
    Verdict,
    Verdicts,
)

_NO_MODEL = "no model could be fitted to what was known at the cut-off"
_NO_PRICE = "nobody has bought twice for a positive amount, so there is no price to expect"


def report_card(holdout: Holdout, *, horizons: Sequence[int]) -> ReportCard:
    """Test forecasts on a holdout that they have not seen, and decide what is published.

    Parameters
    ----------
    holdout
        What was known at the cut-off, what was learnt from it, and what happened after it.
    horizons
        The days that chances of no order are published for. Those beyond the holdout stay
        untested, so they are not.
    """
    backtest, lesson = holdout.backtest, holdout.lesson
    card = ReportCard(
        calibration_days=backtest.calibration_days,
        holdout_days=backtest.holdout_days,
        customers=backtest.customers,
        repeat_buyers=backtest.repeat_buyers,
        baselines={
            name: _accuracy(orders, backtest) for name, orders in naive.baselines(backtest).items()
        },
        models=tuple(
            ScoredModel(
                name=one.model.name,
                accuracy=_accuracy(
                    one.model.expected_orders(backtest.history, days=backtest.holdout_days),
                    backtest,
                ),
                log_likelihood=one.log_likelihood,
            )
            for one in holdout.fits
        ),
        gap_states=gap_outcomes(backtest),
        verdicts=_untested(missing(backtest) or (_NO_MODEL,), horizons=horizons),
    )
    return card if lesson is None else _with_forecast(card, holdout, lesson, horizons=horizons)


def _with_forecast(
    card: ReportCard, holdout: Holdout, lesson: Lesson, *, horizons: Sequence[int]
) -> ReportCard:
    backtest, orders = holdout.backtest, lesson.orders()
    gone = share_gone(lesson.at.model, backtest=backtest)
    nobody_leaves = gone < HARDLY_ANYBODY
    prices = lesson.mean_spend()
    lacking = missing(backtest)
    changes = {
        "model": lesson.at.model.name,
        "forecast": _accuracy(orders, backtest),
        "notes": (on_p_alive(gone),) if nobody_leaves else (),
        "p_alive_means_something": not nobody_leaves,
        "calibration": deciles(orders, actual=backtest.orders, weights=backtest.weights),
        "discrimination": discrimination(
            orders, silence=lesson.at.no_order(backtest.holdout_days), backtest=backtest
        ),
        "value": None if prices is None else value_captured(orders * prices, backtest=backtest),
        "groups": _groups(holdout, lesson, orders),
        "ranges": range_test(holdout, orders),
    }
    if not lacking:
        changes["verdicts"] = Verdicts(
            orders=_judge_orders(holdout, orders),
            no_order={str(one): _judge_chance(holdout, lesson, days=one) for one in horizons},
            money=_judge_money(holdout, orders, prices),
        )
    return ReportCard(**{**vars(card), **changes})


def _judge_orders(holdout: Holdout, orders: Floats) -> Verdict:
    backtest = holdout.backtest
    came = backtest.orders
    tried = Tried(
        what="orders",
        loss=poisson_deviance(orders, came),
        naive={
            name: poisson_deviance(mean, came) for name, mean in naive.baselines(backtest).items()
        },
        off_by=total_off(orders, came),
        most=RIGHT_TOTAL,
        score=orders,
        rivals=_rivals(backtest),
        came=came,
    )
    return judge(tried, days=backtest.holdout_days)


def _judge_chance(holdout: Holdout, lesson: Lesson, *, days: int) -> Verdict:
    if days not in holdout.silent:
        return untested(
            (f"the test covers {holdout.backtest.holdout_days:g} days, and this is {days} ahead",)
        )
    silent, chance = holdout.silent[days], lesson.no_order(days)
    came = 1 - silent
    rules = naive.chances(holdout.backtest, days=days, silent=silent)
    tried = Tried(
        what="the chance of no order",
        loss=brier(chance, came),
        naive={name: brier(rule, came) for name, rule in rules.items()},
        off_by=mean_off(chance, silent),
        most=RIGHT_CHANCE,
        score=-chance,
        rivals=_rivals(holdout.backtest),
        came=came,
    )
    return judge(tried, days=days)


def _judge_money(holdout: Holdout, orders: Floats, prices: Floats | None) -> Verdict:
    if prices is None:
        return untested((_NO_PRICE,))
    backtest = holdout.backtest
    came, money = backtest.spend, orders * prices
    tried = Tried(
        what="money",
        loss=tweedie_deviance(money, came),
        naive={
            name: tweedie_deviance(rule, came)
            for name, rule in naive.money(backtest, mean_spend=prices).items()
        },
        off_by=total_off(money, came),
        most=RIGHT_TOTAL,
        score=money,
        rivals=_rivals(backtest),
        came=np.maximum(came, 0.0),
    )
    return judge(tried, days=backtest.holdout_days)


def _rivals(backtest: Backtest) -> dict[str, Floats]:
    history = backtest.history
    return rivals(
        silence=history.age_days - history.last_day,
        past_orders=history.repeats,
        past_spend=backtest.past_spend,
    )


def _groups(holdout: Holdout, lesson: Lesson, orders: Floats) -> tuple[GroupOutcome, ...]:
    group, came = lesson.at.known.group, holdout.backtest.orders
    by_model = lesson.at.expected(holdout.backtest.holdout_days)
    rows = [(name, group == place) for place, name in enumerate(GROUPS)]
    return tuple(
        GroupOutcome(
            group=name,
            customers=int(mine.sum()),
            by_model=round(float(by_model[mine].mean()), 6),
            predicted=round(float(orders[mine].mean()), 6),
            actual=round(float(came[mine].mean()), 6),
        )
        for name, mine in rows
        if mine.any()
    )


def _untested(reasons: tuple[str, ...], *, horizons: Sequence[int]) -> Verdicts:
    nothing = untested(reasons)
    return Verdicts(orders=nothing, no_order={str(one): nothing for one in horizons}, money=nothing)


def _accuracy(predicted: Floats, backtest: Backtest) -> Accuracy:
    return accuracy(
        predicted,
        actual=backtest.orders,
        weights=backtest.weights,
        deviance=poisson_deviance(predicted, backtest.orders),
    )
