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
    known = {"visits_30d": summary.get("views_30d"), **summary}  # as earlier versions called it
    people, _ = buyers(pa.Table.from_pylist([known], schema=arrow_schema(CUSTOMERS)))
    explanation = explain_forecast(people, record=record, as_of=as_of)
    return None if explanation is None else dataclasses.asdict(explanation)
