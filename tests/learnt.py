"""Models as training leaves them, made up: for tests of what uses them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from tessera.customers.forecasting.correction.applying import scaled
from tessera.customers.forecasting.correction.regression import fit_no_order, fit_orders
from tessera.customers.forecasting.correction.tree_growth import grow_no_order, grow_orders
from tessera.customers.forecasting.history.known import GROUPS
from tessera.customers.forecasting.history.snapshot import BuyerSnapshot
from tessera.customers.forecasting.horizons import NO_ORDER_DAYS, ORDER_DAYS
from tessera.customers.forecasting.ranges import customer_ranges
from tessera.customers.loyalty.fixed_weights import FIXED
from tessera.customers.purchase.kinds import Model
from tessera.records.scoring.forecast_models import (
    LearntModels,
    PurchaseFit,
    SpendFit,
    SpendParameters,
)
from tessera.records.scoring.learnt_forecasts import (
    Blend,
    LearntChance,
    LearntForecasts,
    LearntOrders,
    LearntRanges,
    Scale,
)
from tessera.records.scoring.loyalty import LearntLoyalty
from tessera.records.scoring.report_card import Grade, ReportCard, Verdict, Verdicts

SPEND = SpendFit(
    model=SpendParameters(p=3.0, q=5.5, v=55.0, population_mean=3 * 55 / 4.5),
    log_likelihood=-1.0, standard_errors=None, warnings=(), customers=500.0,
)  # fmt: skip
LOYALTY = LearntLoyalty(
    published=True, reasons=("made up",), weights="fixed", customers=0, regression=FIXED,
    standard_errors=(), middle_spend=40.0, test=None,
)  # fmt: skip
NOTHING = dict.fromkeys(GROUPS, Blend(weight=0.0, share=0.0))
HALF = dict.fromkeys(GROUPS, Blend(weight=0.5, share=0.25))
_LEARNT_DAYS = 90


def purchase_fit(model: Model) -> PurchaseFit:
    """A purchase model as a record."""
    return PurchaseFit(
        name=model.name, parameters=model.parameters(), customers=600, log_likelihood=-1.0,
        parameters_per_week=model.parameters(unit_days=7), standard_errors=None, warnings=(),
    )  # fmt: skip


def corrections(at: BuyerSnapshot, *, blends: Mapping[str, Blend] = HALF) -> LearntForecasts:
    """Corrections as if customers had ordered by a pattern that the model does not know."""
    expected = at.by_model(_LEARNT_DAYS)
    effect = np.random.default_rng(2).normal(0, 0.1, at.features.shape[1])
    orders = np.round(expected * np.exp((at.features - at.features.mean(axis=0)) @ effect))
    silent = at.no_order(_LEARNT_DAYS)
    draft = LearntOrders(
        learnt_days=_LEARNT_DAYS, cuts=3, level=0.81, temper=0.03, blends=dict(blends),
        regression=fit_orders(at.features, orders, expected=expected, names=at.names),
        forest=grow_orders(at.plain, orders),
        scale=Scale(days=0, mean_expected=0.0, of_factor=1.0, of_trees=1.0),
    )  # fmt: skip
    chance = LearntChance(
        days=_LEARNT_DAYS, learnt_days=_LEARNT_DAYS, cuts=3, blends=dict(blends),
        regression=fit_no_order(
            at.features, (orders > 0).astype(float), no_order=silent, names=at.names
        ),
        forest=grow_no_order(at.plain, orders == 0),
    )  # fmt: skip
    return LearntForecasts(
        features=at.names,
        middle_spend=at.middle_spend,
        orders=scaled(draft, at, days=ORDER_DAYS),
        chances={str(days): dataclasses.replace(chance, days=days) for days in NO_ORDER_DAYS},
        ranges=LearntRanges(
            orders=customer_ranges(expected, orders),
            money=customer_ranges(40 * expected, 40 * orders),
            orders_spread=0.13,
            money_spread=0.2,
            span_days=_LEARNT_DAYS,
        ),
        season=at.season,
    )


def untaught(at: BuyerSnapshot) -> LearntForecasts:
    """What is learnt of a shop whose past proves nothing: the model's scale alone."""
    orders = LearntOrders(
        learnt_days=_LEARNT_DAYS, cuts=0, level=1.0, temper=0.0, blends={}, regression=None,
        forest=None, scale=Scale(days=0, mean_expected=0.0, of_factor=1.0, of_trees=1.0),
    )  # fmt: skip
    return LearntForecasts(
        features=at.names,
        middle_spend=at.middle_spend,
        orders=scaled(orders, at, days=_LEARNT_DAYS) if len(at.known) else orders,
        chances={
            str(days): LearntChance(
                days=days, learnt_days=days, cuts=0, blends={}, regression=None, forest=None
            )
            for days in NO_ORDER_DAYS
        },
        ranges=LearntRanges(
            orders=None, money=None, orders_spread=0.13, money_spread=0.13, span_days=_LEARNT_DAYS
        ),
    )


def verdicts(
    orders: Grade = "full",
    *,
    no_order: Grade | Mapping[int, Grade] = "full",
    money: Grade = "full",
) -> Verdicts:
    """Verdicts of these grades."""
    chances = no_order if isinstance(no_order, Mapping) else dict.fromkeys(NO_ORDER_DAYS, no_order)

    def verdict(grade: Grade) -> Verdict:
        return Verdict(grade=grade, reasons=("made up",))

    return Verdicts(
        orders=verdict(orders),
        no_order={str(days): verdict(grade) for days, grade in chances.items()},
        money=verdict(money),
    )


def models(
    at: BuyerSnapshot, judged: Verdicts, *, learnt: LearntForecasts | None = None, **changes: object
) -> LearntModels:
    """A record that publishes what the verdicts allow. ``changes`` are of its card."""
    card = ReportCard(
        **{
            "calibration_days": 364.0, "holdout_days": 180.0, "customers": 600.0,
            "repeat_buyers": 400.0, "baselines": {}, "models": (), "gap_states": (),
            "verdicts": judged, "model": at.model.name, "p_alive_means_something": True,
            **changes,
        }
    )  # fmt: skip
    return LearntModels(
        published=at.model.name,
        model=purchase_fit(at.model),
        spend=SPEND,
        card=card,
        inputs={},
        learnt=learnt or corrections(at),
    )


def grades(card: ReportCard) -> dict[str, str]:
    """The grade of each quantity."""
    verdicts = card.verdicts
    chances = {f"no_order_{days}d": verdict.grade for days, verdict in verdicts.no_order.items()}
    return {"orders": verdicts.orders.grade, **chances, "money": verdicts.money.grade}
