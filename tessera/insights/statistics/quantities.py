"""Each quantity that is forecast: what is published of it, why, and its total."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tessera.customers.forecasting.horizons import NO_ORDER_DAYS
from tessera.customers.report_card.words import Quantity, quantities
from tessera.insights.forecasts import CLV, MONEY, ORDERS
from tessera.records.insights.insights import ForecastQuantity
from tessera.records.scoring.forecast_models import ForecastModels, TotalRange
from tessera.records.scoring.report_card import Verdict, Verdicts
from tessera.records.scoring.score import ScoreRecord

NO_ORDER_90D = "no_order_90d"
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    ORDERS: (
        "expected_orders_365d",
        "expected_orders_365d_from",
        "expected_orders_365d_to",
    ),
    MONEY: ("clv_365d", "clv_365d_from", "clv_365d_to", "clv", "total_value"),
}
_TOTALS: Mapping[str, Mapping[str, str]] = {  # by quantity: column, and its name in score.json
    ORDERS: {"expected_orders_365d": ORDERS},
    MONEY: {"clv_365d": MONEY, "clv": CLV},
}
_NOT_TESTED = "it was not tested"
_NO_MODELS = "the run has no forecast models"


def forecast_quantities(score: ScoreRecord) -> tuple[ForecastQuantity, ...]:
    """Return orders, chances of no order by horizon, money, and cancellations where known."""
    tested = (_quantity(one, totals=score.totals) for one in quantities(verdicts(score.models)))
    return (*tested, *_cancellations(score))


def verdicts(models: ForecastModels | None) -> Verdicts:
    """Return each quantity's verdict. Without a test nothing is published."""
    if models is not None and models.verdicts is not None:
        return models.verdicts
    reasons = models.reasons or (_NOT_TESTED,) if models else (_NO_MODELS,)
    none = Verdict(grade="none", reasons=reasons)
    return Verdicts(orders=none, no_order={str(days): none for days in NO_ORDER_DAYS}, money=none)


def _quantity(one: Quantity, *, totals: Mapping[str, TotalRange]) -> ForecastQuantity:
    return ForecastQuantity(
        name=one.name,
        title=one.title,
        columns=_COLUMNS.get(one.name, (f"p_{one.name}",)),
        verdict=one.verdict,
        totals={
            column: totals[name]
            for column, name in _TOTALS.get(one.name, {}).items()
            if name in totals
        },
    )


def _cancellations(score: ScoreRecord) -> Iterator[ForecastQuantity]:
    """Yield the chance to cancel, where there was anything to learn it from."""
    learnt = [one for one in (score.churn, score.retention) if one is not None]
    if not learnt:
        return
    published = any(one.decision == "publish" for one in learnt)
    yield ForecastQuantity(
        name="cancel_30d",
        title="Cancellation within 30 days",
        columns=("p_cancel_30d",),
        verdict=Verdict(
            grade="full" if published else "none", reasons=tuple(one.reason for one in learnt)
        ),
    )
