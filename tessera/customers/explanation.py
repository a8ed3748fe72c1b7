"""A customer's forecast, quantity by quantity: what is shown of it, why not more, and why so."""

from __future__ import annotations

import dataclasses
import datetime as dt

from tessera.customers.forecasting.forecast import snapshot
from tessera.customers.forecasting.history.known import KnownBuyers
from tessera.customers.forecasting.reasons import explain_orders
from tessera.customers.forecasting.shown import ranked_horizon
from tessera.customers.report_card.words import Quantity, quantities
from tessera.records.scoring.forecast_models import LearntModels
from tessera.records.scoring.report_card import Grade


@dataclasses.dataclass(frozen=True, kw_only=True)
class ExplainedQuantity:
    """One quantity of a customer's forecast.

    Parameters
    ----------
    title
        In words.
    grade
        What is shown: the figure, the rank, or nothing.
    column, tenth
        The profile columns that hold the figure and the rank. None without such a column. The
        ends of a figure's range are in ``column`` with ``_from`` and ``_to``.
    why
        The verdict's reasons.
    """

    title: str
    grade: Grade
    column: str
    tenth: str | None
    why: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ForecastExplanation:
    """What there is to say about a customer's forecast.

    Parameters
    ----------
    quantities
        Each one, shown or not.
    orders
        Why so many orders, in plain words. Without amounts where only ranks are shown, and empty
        where nothing is.
    """

    quantities: tuple[ExplainedQuantity, ...]
    orders: tuple[str, ...]


def explain_forecast(
    customer: KnownBuyers, *, record: LearntModels, as_of: dt.date
) -> ForecastExplanation | None:
    """Explain the forecast of one customer. None where nothing was tested.

    Parameters
    ----------
    customer
        One customer with a purchase, as of the run's day.
    record
        What was learnt, and what may be shown of it.
    as_of
        The run's day.
    """
    verdicts = record.verdicts
    if verdicts is None:
        return None
    ranked = f"no_order_{ranked_horizon(verdicts)}d"
    return ForecastExplanation(
        quantities=tuple(_explained(one, ranked=ranked) for one in quantities(verdicts)),
        orders=_on_orders(customer, record=record, grade=verdicts.orders.grade, as_of=as_of),
    )


def _explained(one: Quantity, *, ranked: str) -> ExplainedQuantity:
    columns = {
        "orders": ("expected_orders_365d", "orders_tenth"),
        "money": ("clv_365d", "value_tenth"),
    }
    of_chance = (f"p_{one.name}", "no_order_tenth" if one.name == ranked else None)
    column, tenth = columns.get(one.name, of_chance)
    return ExplainedQuantity(
        title=one.title,
        grade=one.verdict.grade,
        column=column,
        tenth=None if one.verdict.grade == "none" else tenth,
        why=one.verdict.reasons,
    )


def _on_orders(
    customer: KnownBuyers, *, record: LearntModels, grade: Grade, as_of: dt.date
) -> tuple[str, ...]:
    if record.learnt is None or record.model is None or grade == "none":
        return ()
    at = snapshot(customer, record=record, as_of=as_of)
    (explanation,) = explain_orders(record.learnt.orders, at)
    return explanation.sentences if grade == "full" else explanation.without_amounts
