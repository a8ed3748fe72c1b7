"""What is forecast of a customer, and why: by the models of the run, and the customer's summary."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from adapters.tables.models import buyers
from adapters.tables.parquet import arrow_schema
from tessera.contracts.tables import CUSTOMERS
from tessera.customers.explanation import explain_forecast
from tessera.customers.forecasting.history.known import KnownBuyers
from tessera.customers.loyalty.scoring import loyalty_reasons
from tessera.records.scoring.forecast_models import ForecastModels

Row = Mapping[str, Any]


def forecast_of(
    record: ForecastModels | None, *, summary: Row | None, as_of: dt.date
) -> Row | None:
    """Return what ``tessera.segments.explanation.explain`` takes. None without any forecast.

    Parameters
    ----------
    record
        The models of the run.
    summary
        The customer's row of CUSTOMERS, None without one.
    as_of
        The run's day.
    """
    if record is None or summary is None or not summary["purchase_days"]:
        return None
    explanation = explain_forecast(_buyer(summary), record=record, as_of=as_of)
    return None if explanation is None else dataclasses.asdict(explanation)


def loyalty_of(record: ForecastModels | None, *, summary: Row | None) -> Row | None:
    """Return what ``tessera.segments.explanation.explain`` takes. None without a score's model.

    Parameters
    ----------
    record, summary
        As of ``forecast_of``.
    """
    learnt = record.loyalty if record else None
    if learnt is None:
        return None
    pushes: tuple[str, ...] = ()
    if learnt.published and summary is not None and summary["purchase_days"]:
        pushes = tuple(one.text for one in loyalty_reasons(_buyer(summary), learnt))
    return {
        "weights": learnt.weights,
        "withheld": None if learnt.published else learnt.reasons[-1],
        "pushes": pushes,
    }


def _buyer(summary: Row) -> KnownBuyers:
    known = {"visits_30d": summary.get("views_30d"), **summary}  # as earlier versions called it
    people, _ = buyers(pa.Table.from_pylist([known], schema=arrow_schema(CUSTOMERS)))
    return people
