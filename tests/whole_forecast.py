"""The forecast of all customers at once, which Score makes in blocks."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping

import numpy as np

from tessera.customers.forecasting.forecast import (
    FloatBlocks,
    Forecast,
    forecast,
    forecast_totals,
    ranks_of,
    shown,
)
from tessera.customers.forecasting.history.known import KnownBuyers
from tessera.customers.gap_rule import STATES, gap_states
from tessera.customers.spend.clv import ClvTerms
from tessera.records.scoring.forecast_models import LearntModels, TotalRange


@dataclasses.dataclass(frozen=True, kw_only=True)
class WholeForecast(Forecast):
    """What profiles show of everyone, the states by the gap rule, and the totals."""

    gap_states: np.ndarray
    totals: Mapping[str, TotalRange]


def whole_forecast(
    people: KnownBuyers, *, record: LearntModels, terms: ClvTerms, as_of: dt.date
) -> WholeForecast:
    """Forecast everyone, as far as it may be shown."""
    made = forecast(people, record=record, terms=terms, as_of=as_of)
    column = _whole_columns(made)
    return WholeForecast(
        columns=shown(made.columns, record, ranks=ranks_of(record, column)),
        days_to_next_order=made.days_to_next_order,
        gap_states=np.array(STATES)[gap_states(people.history).state],
        totals=forecast_totals(record, column, asked_days=terms.horizon_days),
    )


def _whole_columns(made: Forecast) -> Callable[[str], FloatBlocks]:
    return lambda name: lambda: (made.columns[name],)
