"""Records of forecasts as a test wants them: any verdict, with or without what was learnt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np

from tessera.customers.forecasting.history.known import KnownBuyers
from tessera.customers.purchase.history import PurchaseHistory
from tessera.records.scoring.forecast_models import ForecastModels, PurchaseFit
from tessera.records.scoring.learnt_forecasts import (
    Blend,
    CustomerRanges,
    LearntChance,
    LearntForecasts,
    LearntOrders,
    LearntRanges,
    Regression,
    Scale,
    Season,
)
from tessera.records.scoring.report_card import (
    Accuracy,
    Grade,
    ReportCard,
    Saving,
    Verdict,
    Verdicts,
)

AS_OF = dt.date(2026, 11, 22)
HORIZONS = ("30", "90", "180")
_FEATURES = ("pace_90d", "silence", "spend")


def verdict(grade: Grade, **more: Any) -> Verdict:
    """Return the verdict of a test, with one reason that names its grade."""
    values: dict[str, Any] = {
        "reasons": (f"a reason for {grade}",),
        "off_by": 0.1,
        "savings": {
            "same_rate": Saving(mean=0.2, at_least=0.12),
            "silence": Saving(mean=0.3, at_least=0.05),
        },
    }
    return Verdict(grade=grade, **values | more)


def verdicts(
    orders: Grade = "full",
    money: Grade = "full",
    chances: Grade | Mapping[str, Grade] = "full",
) -> Verdicts:
    """Return verdicts. ``chances`` is one grade, or that of each horizon."""
    by_days = chances if isinstance(chances, Mapping) else dict.fromkeys(HORIZONS, chances)
    return Verdicts(
        orders=verdict(orders),
        no_order={days: verdict(grade) for days, grade in by_days.items()},
        money=verdict(money),
    )


def card(of: Verdicts | None, **more: Any) -> ReportCard:
    """Return a report card of 255 days before and 119 days after the cut."""
    error = Accuracy(predicted=9.0, actual=10.0, total_error=-0.1, mae=1.0, rmse=2.0, deviance=1.5)
    values: dict[str, Any] = {
        "calibration_days": 255.0,
        "holdout_days": 119.0,
        "customers": 500.0,
        "repeat_buyers": 200.0,
        "baselines": {"same_rate": error},
        "models": (),
        "gap_states": (),
        "verdicts": of,
    }
    return ReportCard(**values | more)


def learnt(**more: Any) -> LearntForecasts:
    """Return corrections whose factor counts in full for customers who bought again."""
    blends = {"repeated": Blend(weight=1.0, share=0.0)}
    regression = Regression(
        names=_FEATURES, mean=(0.0, 0.0, 0.0), spread=(1.0, 1.0, 1.0), intercept=0.1,
        coefficients=(0.4, -0.2, 0.001),
    )  # fmt: skip
    ranges = CustomerRanges(edges=(1.0,), low=(0.0, 1.0), high=(2.0, 6.0), most=3.0)
    values: dict[str, Any] = {
        "features": _FEATURES,
        "middle_spend": 20.0,
        "orders": LearntOrders(
            learnt_days=120, cuts=6, level=0.9, temper=0.0, blends=blends, regression=regression,
            forest=None,
            scale=Scale(days=365, mean_expected=1.0, of_factor=0.95, of_trees=1.0),
        ),
        "chances": {
            days: LearntChance(
                days=int(days), learnt_days=int(days), cuts=6, blends={}, regression=None,
                forest=None,
            )
            for days in HORIZONS
        },
        "ranges": LearntRanges(
            orders=ranges, money=ranges, orders_spread=0.1, money_spread=0.2, span_days=120
        ),
    }  # fmt: skip
    return LearntForecasts(**values | more)


def models(of: Verdicts | None, **more: Any) -> ForecastModels:
    """Return models that were learnt, published by these verdicts."""
    fitted = PurchaseFit(
        name="pareto_nbd",
        parameters={"r": 0.55, "alpha": 74.0, "s": 0.6, "beta": 81.0},
        parameters_per_week={"r": 0.55, "alpha": 10.6, "s": 0.6, "beta": 11.6},
        standard_errors=None,
        log_likelihood=-1.0,
        warnings=(),
        customers=500,
    )
    values: dict[str, Any] = {
        "published": "pareto_nbd" if of and of.any_use else None,
        "model": fitted,
        "spend": None,
        "card": card(of) if of else None,
        "inputs": {},
        "learnt": learnt(),
        "learnt_as_of": AS_OF,
        "reused": False,
        "drift": None,
        "terms": "revenue of the next 365 days",
    }
    return ForecastModels(**values | more)


def season() -> Season:
    """Return a season with one busy month."""
    return Season(levels=(*(0.0,) * 11, 0.5), months=24)


def customer(repeats: int = 6) -> KnownBuyers:
    """Return one customer who has bought every 30 days, and lately more often."""
    ages = {"repeats": float(repeats), "last_day": 30.0 * repeats, "age_days": 30.0 * repeats + 10}
    history = PurchaseHistory(**{name: np.array([value]) for name, value in ages.items()})
    one, none = np.array([20.0]), np.array([np.nan])
    return KnownBuyers(
        history=history,
        net=one * (repeats + 1),
        first_net=one,
        last_net=one,
        gap_squares=np.array([900.0 * repeats]),
        lines=np.array([repeats + 1.0]),
        recent={30: np.array([2.0]), 90: np.array([5.0]), 180: np.array([repeats + 1.0])},
        visits=np.zeros(1),
        views_30d=np.zeros(1),
        last_view_days=none,
        sessions=np.zeros(1),
        sessions_30d=np.zeros(1),
        emails_read=np.zeros(1),
        emails_30d=np.zeros(1),
        last_email_days=none,
    )
