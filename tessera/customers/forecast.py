"""What buyers will do next: models chosen by a holdout, published only when they win it.

Every kind of purchase model learns from the history before a cut-off and is tested on what came
after. The best one is then fitted to the whole history, if the report card lets it speak.
"""

from __future__ import annotations

import dataclasses
import hashlib

import numpy as np

from tessera.customers.drift import distribution
from tessera.customers.gap_rule import gap_states
from tessera.customers.money import Ints
from tessera.customers.purchase.fitting import Fitted, fit
from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.purchase.kinds import KINDS, Model, model_of
from tessera.customers.purchase.pairs import Floats
from tessera.customers.purchase.prediction import OrderDay, next_order
from tessera.customers.report_card.backtest import Backtest
from tessera.customers.report_card.card import report_card
from tessera.customers.spend.clv import ClvTerms, LifetimeValue, lifetime_value
from tessera.customers.spend.fitting import FittedSpend, fit_spend
from tessera.customers.spend.gamma_gamma import SpendModel
from tessera.customers.spend.history import SpendHistory
from tessera.errors import InvalidInput
from tessera.records.scoring.forecast_models import LearntModels, PurchaseFit
from tessera.records.scoring.report_card import ReportCard

NO_ORDER_DAYS = (30, 90, 180)
_YEAR_DAYS = 365
_WEEK_DAYS = 7
_SHORT_HISTORY = "the history is too short to hold out four weeks after 90 days"
_NOBODY = "nobody has bought anything yet"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Buyers:
    """Everyone with a purchase, shape (n,) each. Money in major currency units.

    Parameters
    ----------
    history
        Their purchase days.
    net_spend
        Net money so far.
    repeat_spend
        Net money of the days after the first purchase day.
    """

    history: PurchaseHistory
    net_spend: Floats
    repeat_spend: Floats

    def spend(self) -> SpendHistory:
        """Return the spend model's input."""
        return SpendHistory.of(
            self.history.repeats, mean_spend=mean_spend(self.history, self.repeat_spend)
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Forecast:
    """Predictions of the buyers, shape (n,) each.

    Parameters
    ----------
    columns
        Numbers by profile column, NaN for empty. A column that is withheld is all empty.
    days_to_next_order
        By ``early``, ``median`` and ``late``: days after as_of, 0 for none. Empty when withheld.
    gap_states
        The rule's answer, by its name.
    """

    columns: dict[str, Floats]
    days_to_next_order: dict[str, Ints]
    gap_states: np.ndarray[tuple[int], np.dtype[np.object_]]


def mean_spend(history: PurchaseHistory, repeat_spend: Floats) -> Floats:
    """Return money per repeat purchase day, shape (n,). NaN without repeats."""
    mean = np.full(len(history), np.nan)
    np.divide(repeat_spend, history.repeats, out=mean, where=history.repeats > 0)
    return mean


def learn(buyers: Buyers, *, backtest: Backtest | None) -> LearntModels:
    """Test all models, fit the one that is published, and return the record of both.

    Parameters
    ----------
    buyers
        As of the run's day.
    backtest
        The same customers at the cut-off. None when the history is too short for one.

    Returns
    -------
    LearntModels
        All that ``forecast`` needs: keep it to score with the same models later.
    """
    card, tested = _test(backtest)
    fitted = (
        fit(buyers.history, kind=card.decision.model)
        if card is not None and card.decision.publish and card.decision.model
        else None
    )
    spend = _fitted_spend(buyers.spend())
    return LearntModels(
        published=fitted.model.name if fitted else None,
        reasons=card.decision.reasons if card else (_why_untested(buyers),),
        model=_fit_record(fitted) if fitted else None,
        tested=tuple(_fit_record(one) for one in tested),
        spend=spend,
        card=card,
        inputs=distribution(buyers.history, net_spend=buyers.net_spend),
        inputs_sha256=_digest(buyers),
    )


def forecast(buyers: Buyers, *, record: LearntModels, terms: ClvTerms) -> Forecast:
    """Apply the models of a record that ``learn`` made, in this run or an earlier one.

    Parameters
    ----------
    buyers
        As of the run's day.
    record
        What is published, with its parameters.
    terms
        What a lifetime value counts.
    """
    fitted, spend = record.model, record.spend
    model = model_of(fitted.name, fitted.parameters) if fitted else None
    columns, days = _predictions(
        buyers,
        model=model,
        spend=SpendModel.of(spend.model) if spend else None,
        terms=terms,
    )
    if record.card and not record.card.decision.p_alive_means_something:
        columns["p_alive"] = np.full(len(buyers.history), np.nan)
    return Forecast(
        columns=columns,
        days_to_next_order=days,
        gap_states=gap_states(buyers.history).labels().astype(object),
    )


def _why_untested(buyers: Buyers) -> str:
    return _SHORT_HISTORY if len(buyers.history) else _NOBODY


def _test(backtest: Backtest | None) -> tuple[ReportCard | None, list[Fitted]]:
    if backtest is None:
        return None, []
    fits: list[Fitted] = []
    if backtest.repeat_buyers:
        fits = [fit(backtest.history, kind=kind) for kind in KINDS]
    spend = _fitted_spend(
        SpendHistory.of(
            backtest.history.repeats, mean_spend=backtest.mean_spend, weights=backtest.weights
        )
    )
    card = report_card(
        [one.model for one in fits], backtest=backtest, spend=spend.model if spend else None
    )
    return card, fits


def _fitted_spend(history: SpendHistory) -> FittedSpend | None:
    try:
        return fit_spend(history)
    except InvalidInput:  # nobody has bought twice: there is no CLV, and that is no error
        return None


def _predictions(
    buyers: Buyers, *, model: Model | None, spend: SpendModel | None, terms: ClvTerms
) -> tuple[dict[str, Floats], dict[str, Ints]]:
    n = len(buyers.history)
    names = ("p_alive", *(f"p_no_order_{days}d" for days in NO_ORDER_DAYS), "expected_orders_365d")
    empty = np.full(n, np.nan)
    columns = dict.fromkeys((*names, "clv_365d", "clv", "total_value"), empty)
    columns["historic_value"] = terms.margin * buyers.net_spend
    if model is None:
        return columns, {}
    rows, place = buyers.history.distinct()
    columns["p_alive"] = model.p_alive(rows)[place]
    for days in NO_ORDER_DAYS:
        columns[f"p_no_order_{days}d"] = model.p_no_order(rows, days=days)[place]
    columns["expected_orders_365d"] = model.expected_orders(rows, days=_YEAR_DAYS)[place]
    if spend is not None:
        columns |= _values(buyers, model=model, spend=spend, terms=terms)
    following = next_order(model, buyers.history)
    return columns, {
        name: _or_never(day)
        for name, day in (
            ("early", following.early),
            ("median", following.median),
            ("late", following.late),
        )
    }


def _values(
    buyers: Buyers, *, model: Model, spend: SpendModel, terms: ClvTerms
) -> dict[str, Floats]:
    """Return values over a year, which shops compare, and over the horizon that was asked for."""
    expected = spend.expected_mean_spend(buyers.spend())

    def over(horizon: ClvTerms) -> LifetimeValue:
        return lifetime_value(
            model, buyers.history, mean_spend=expected, net_spend=buyers.net_spend, terms=horizon
        )

    year = over(dataclasses.replace(terms, horizon_days=_YEAR_DAYS))
    asked = year if terms.horizon_days == _YEAR_DAYS else over(terms)
    return {"clv_365d": year.future, "clv": asked.future, "total_value": year.total}


def _or_never(day: OrderDay) -> Ints:
    return np.where(day.likely, day.days, 0)


def _fit_record(fitted: Fitted) -> PurchaseFit:
    return PurchaseFit(
        name=fitted.model.name,
        parameters=fitted.model.parameters(),
        parameters_per_week=fitted.model.parameters(unit_days=_WEEK_DAYS),
        standard_errors=fitted.standard_errors,
        log_likelihood=fitted.log_likelihood,
        warnings=fitted.warnings,
        customers=fitted.customers,
    )


def _digest(buyers: Buyers) -> str:
    """Hash what the models learn from: equal inputs, equal digest."""
    digest = hashlib.sha256()
    for column in (
        buyers.history.repeats,
        buyers.history.last_day,
        buyers.history.age_days,
        buyers.repeat_spend,
        buyers.net_spend,
    ):
        digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()
