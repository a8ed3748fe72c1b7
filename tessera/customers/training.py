"""Learn forecasts: tested on a holdout, and then learnt again from everything."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import hashlib

import numpy as np

from tessera.customers.beside import Beside, when_asked
from tessera.customers.drift import distribution
from tessera.customers.forecasting.history.behaviour import COLUMNS, BehaviourDays
from tessera.customers.forecasting.history.known import KnownBuyers, known
from tessera.customers.forecasting.horizons import NO_ORDER_DAYS, ORDER_DAYS
from tessera.customers.forecasting.lesson import learn
from tessera.customers.purchase.fitting import Fitted, fit
from tessera.customers.report_card.card import report_card
from tessera.customers.report_card.decision import likeliest
from tessera.customers.report_card.holdout import Cut
from tessera.records.scoring.forecast_models import LearntModels, PurchaseFit
from tessera.records.scoring.report_card import ReportCard

_WEEK_DAYS = 7
_SHORT_HISTORY = "the history is too short to hold out four weeks after 90 days"
_NOBODY = "nobody has bought anything yet"


def train_forecasts(
    days: BehaviourDays,
    *,
    as_of: dt.date,
    holdout_days: int | None,
    beside: Beside = when_asked,
) -> LearntModels:
    """Test all forecasts, learn those that may be published, and return the record of both.

    Parameters
    ----------
    days
        What a sample of customers did, up to the run's day.
    as_of
        The run's day, the first that is not known.
    holdout_days
        The last days, to test on. None when the history is too short.
    beside
        How what may be published is learnt while the test goes on. It is needed nearly always,
        and takes as long.

    Returns
    -------
    LearntModels
        All that scoring needs. The same days give the same record, whatever the order of rows
        and the number of threads.
    """
    customers, _ = known(days)
    nothing = LearntModels(
        published=None,
        reasons=(_SHORT_HISTORY if len(customers) else _NOBODY,),
        model=None,
        spend=None,
        card=None,
        inputs=distribution(customers.history, net_spend=customers.net),
        inputs_sha256=_digest(days),
    )
    if holdout_days is None:
        return nothing
    day = as_of - dt.timedelta(days=1)
    cut = Cut.of(days, day=day, holdout_days=holdout_days, horizons=NO_ORDER_DAYS)
    tested = dataclasses.replace(nothing, tested=tuple(_record(one) for one in cut.fits))
    if not cut.can_be_tested:
        return _withheld(tested, _card(cut))
    learn_all = functools.partial(
        _learnt, tested, days, customers, day=day, kind=likeliest(cut.fits).model.name
    )
    with beside(learn_all) as learnt:
        card = _card(cut)
        if card.verdicts is None or not card.verdicts.any_use:
            return _withheld(tested, card)
        return dataclasses.replace(learnt(), card=card, reasons=())


def _card(cut: Cut) -> ReportCard:
    return report_card(cut.holdout(), horizons=NO_ORDER_DAYS)


def _withheld(tested: LearntModels, card: ReportCard) -> LearntModels:
    reasons = card.verdicts.orders.reasons if card.verdicts else ()
    return dataclasses.replace(tested, card=card, reasons=reasons)


def _learnt(
    tested: LearntModels, days: BehaviourDays, customers: KnownBuyers, *, day: dt.date, kind: str
) -> LearntModels:
    """Add what is learnt from the whole history."""
    fitted = fit(customers.history, kind=kind)
    lesson = learn(
        days,
        customers=customers,
        day=day,
        model=fitted.model,
        asked_days=ORDER_DAYS,
        horizons=NO_ORDER_DAYS,
    )
    return dataclasses.replace(
        tested,
        published=kind,
        model=_record(fitted),
        spend=lesson.spend,
        learnt=lesson.learnt,
    )


def _record(fitted: Fitted) -> PurchaseFit:
    return PurchaseFit(
        name=fitted.model.name,
        parameters=fitted.model.parameters(),
        parameters_per_week=fitted.model.parameters(unit_days=_WEEK_DAYS),
        standard_errors=fitted.standard_errors,
        log_likelihood=fitted.log_likelihood,
        warnings=fitted.warnings,
        customers=fitted.customers,
    )


def _digest(days: BehaviourDays) -> str:
    """Hash what the models learn from: equal inputs, equal digest."""
    digest = hashlib.sha256()
    for name in COLUMNS:
        if name == "sessions" and not days.sessions.any():
            continue  # as before there were any, so that the digest stays
        digest.update(np.ascontiguousarray(getattr(days, name)).tobytes())
    return digest.hexdigest()
