"""One cut of one shop: what the forecast gains on the likeliest purchase model alone."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import numpy.typing as npt

from tessera.customers.forecasting.correction.losses import brier, poisson_deviance
from tessera.customers.forecasting.history.behaviour import BehaviourDays
from tessera.customers.forecasting.horizons import NO_ORDER_DAYS
from tessera.customers.forecasting.lesson import Lesson
from tessera.customers.report_card.card import report_card
from tessera.customers.report_card.holdout import Cut, Holdout
from tessera.records.scoring.report_card import ReportCard

Floats = npt.NDArray[np.float64]
_BRIER_DAYS = 90


@dataclasses.dataclass(frozen=True, kw_only=True)
class Trial:
    """A cut: its card, and the forecast beside the likeliest purchase model's.

    Parameters
    ----------
    deviance, rmse
        The forecast's over the model's, less 1.
    model_total, total
        What the two were off by.
    briers
        By forecast and model: the Brier score of the chance of no order in 90 days. Empty where the
        cut is shorter.
    """

    holdout: Holdout
    lesson: Lesson
    card: ReportCard
    deviance: float
    rmse: float
    model_total: float
    total: float
    briers: dict[str, float]

    @property
    def learnt(self) -> bool:
        """Whether anything was proven: of orders."""
        return any(one.weight or one.share for one in self.lesson.learnt.orders.blends.values())


def trial(days: BehaviourDays, *, day: dt.date, holdout_days: int) -> Trial:
    """Learn before a cut, and compare after it.

    Parameters
    ----------
    days, day
        The history, and its last day.
    holdout_days
        The last days, to foretell.
    """
    holdout = Cut.of(days, day=day, holdout_days=holdout_days, horizons=NO_ORDER_DAYS).holdout()
    lesson = holdout.lesson
    if lesson is None:
        raise ValueError("nobody has bought twice before the cut")
    orders, model = lesson.orders(), lesson.at.by_model(holdout_days)
    came = holdout.backtest.orders
    briers = {}
    if _BRIER_DAYS in holdout.silent:
        after = 1 - holdout.silent[_BRIER_DAYS]
        rows = holdout.backtest.history
        briers = {
            one.model.name: float(brier(one.model.p_no_order(rows, days=_BRIER_DAYS), after).mean())
            for one in holdout.fits
        }
        briers["forecast"] = float(brier(lesson.no_order(_BRIER_DAYS), after).mean())
    return Trial(
        holdout=holdout,
        lesson=lesson,
        card=report_card(holdout, horizons=NO_ORDER_DAYS),
        deviance=_ratio(poisson_deviance(orders, came), poisson_deviance(model, came)),
        rmse=float(np.sqrt(((orders - came) ** 2).mean() / ((model - came) ** 2).mean())) - 1,
        model_total=float(model.sum() / came.sum()) - 1,
        total=float(orders.sum() / came.sum()) - 1,
        briers=briers,
    )


def _ratio(ours: Floats, theirs: Floats) -> float:
    return float(ours.mean() / theirs.mean()) - 1
