"""Parquet tables as the customer models take them, and what they found as columns again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from adapters.tables.columns import Ints, decimals, integers, unscaled
from adapters.tables.parquet import arrow_schema
from tessera.contracts.tables import MODEL_CARDS
from tessera.customers.forecasting.forecast import Forecast, shown
from tessera.customers.forecasting.history.known import WINDOWS, KnownBuyers
from tessera.customers.forecasting.tenths import Edges
from tessera.customers.gap_rule import STATES, GapStates
from tessera.customers.loyalty.scoring import LOYALTY_SCORE
from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.report_card.rows import card_rows
from tessera.customers.units import CENTS, MINOR
from tessera.records.scoring.forecast_models import LearntModels
from tessera.records.scoring.report_card import ReportCard

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

BUYERS = (  # what ``buyers`` reads of the customers
    "recency_days", "monetary", "tenure_days", "purchase_days", "first_day_monetary",
    "last_day_monetary", "gap_squares", "lines", *(f"purchase_days_{days}d" for days in WINDOWS),
    "visits", "visits_30d", "last_view_days", "sessions", "sessions_30d", "emails_read",
    "emails_30d", "last_email_days",
)  # fmt: skip
GAPS = ("tenure_days", "recency_days", "purchase_days")  # what ``mean_gaps`` reads of them
_MONEY = ("clv_365d", "clv_365d_from", "clv_365d_to", "clv", "historic_value", "total_value")
_WHOLE = ("orders_tenth", "no_order_tenth", "value_tenth")
_NEXT_ORDER = {"next_order_from": "early", "next_order_at": "median", "next_order_to": "late"}
_EPOCH = dt.date(1970, 1, 1)
_STATE = "gap_state"


def buyers(customers: pa.Table) -> tuple[KnownBuyers, Flags]:
    """Return the customers with a purchase, and who of all customers they are, shape (n,)."""
    bought: Flags = integers(customers.column("purchase_days")) > 0

    def count(name: str) -> Floats:
        return _floats(integers(customers.column(name))[bought])

    def money(name: str) -> Floats:
        return unscaled(customers.column(name))[bought] / MINOR

    def since(name: str) -> Floats:
        column = customers.column(name).cast(pa.float64())
        return np.asarray(column.to_numpy(zero_copy_only=False), np.float64)[bought]

    tenure, recency = count("tenure_days"), count("recency_days")
    history = PurchaseHistory(
        repeats=count("purchase_days") - 1, last_day=tenure - recency, age_days=tenure
    )
    people = KnownBuyers(
        history=history,
        net=money("monetary"),
        first_net=money("first_day_monetary"),
        last_net=money("last_day_monetary"),
        gap_squares=count("gap_squares"),
        lines=count("lines"),
        recent={days: count(f"purchase_days_{days}d") for days in WINDOWS},
        visits=count("visits"),
        views_30d=count("visits_30d"),
        last_view_days=since("last_view_days"),
        sessions=count("sessions"),
        sessions_30d=count("sessions_30d"),
        emails_read=count("emails_read"),
        emails_30d=count("emails_30d"),
        last_email_days=since("last_email_days"),
    )
    return people, bought


def mean_gaps(customers: pa.Table) -> Floats:
    """Return the mean days between purchases of those who bought again."""
    tenure, recency, purchases = (integers(customers.column(name)) for name in GAPS)
    again = purchases > 1
    return (tenure - recency)[again] / (purchases - 1)[again]


def everyones(
    forecast: Forecast, *, states: GapStates, loyalty: Floats, bought: Flags, as_of: dt.date
) -> dict[str, Floats]:
    """Return the predictions of some customers as numbers by name: NaN for non-buyers.

    Days of the next order are in days since 1970, and states are places in ``STATES``.
    """
    made = dict(forecast.columns)
    for name, day in _NEXT_ORDER.items():
        ahead = _floats(forecast.days_to_next_order.get(day, np.zeros(len(states.state))))
        made[name] = np.where(ahead > 0, (as_of - _EPOCH).days + ahead, np.nan)
    made[_STATE] = _floats(states.state)
    made[LOYALTY_SCORE] = loyalty
    columns = {name: np.full(len(bought), np.nan) for name in made}
    for name, values in made.items():
        columns[name][bought] = values
    return columns


def predictions(
    columns: Mapping[str, Floats], record: LearntModels, *, ranks: Mapping[str, Edges]
) -> dict[str, npt.NDArray[np.generic]]:
    """Return the predictions of some customers by profile column, as far as they may be shown.

    Parameters
    ----------
    columns
        What ``everyones`` returned of them, and ``p_cancel_30d``.
    record
        The models.
    ranks
        The edges of the tenths of all customers.
    """
    states = columns[_STATE]
    places = np.where(np.isnan(states), len(STATES), states).astype(np.int64)
    return {
        **shown(columns, record, ranks=ranks),
        **{name: columns[name] for name in (*_NEXT_ORDER, "p_cancel_30d", LOYALTY_SCORE)},
        _STATE: np.array([*STATES, None], object)[places],
    }


def forecast_columns(columns: Mapping[str, npt.NDArray[np.generic]]) -> dict[str, pa.Array]:
    """Return predictions as Arrow columns by name, empty where there is none."""
    return {name: _column(name, values) for name, values in columns.items()}


def set_forecasts(
    names: Collection[str], *, columns: Mapping[str, npt.NDArray[np.generic]]
) -> dict[str, npt.NDArray[np.generic]]:
    """Return the forecasts that segment sets read, in the values that the profiles have.

    Parameters
    ----------
    names
        The columns that sets read. Those that are no forecasts are omitted.
    columns
        The predictions by column.

    Returns
    -------
    dict
        Money in cents, and days in days since 1970. NaN or None stands for empty.
    """
    return {
        name: _in_cents(values) if name in _MONEY else values
        for name, values in columns.items()
        if name in names
    }


def _in_cents(values: npt.NDArray[np.generic]) -> Floats:
    rounded = _floats(values) * CENTS
    np.rint(rounded, out=rounded)
    rounded /= CENTS
    return rounded


def card_table(card: ReportCard | None, *, as_of: dt.date) -> pa.Table:
    """Return a report card as MODEL_CARDS."""
    rows = [{**row, "as_of": as_of} for row in card_rows(card)]
    return pa.Table.from_pylist(rows, schema=arrow_schema(MODEL_CARDS))


def taken(texts: Sequence[str], codes: npt.NDArray[np.integer]) -> pa.DictionaryArray:
    """Return texts by their positions. -1 gives an empty value.

    Each text is held once, and a row is four bytes. Parquet files get plain texts.
    """
    places = pa.array(codes.astype(np.int32), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(places, pa.array(list(texts), pa.string()))


def positions(column: pa.ChunkedArray, texts: Sequence[str]) -> Ints:
    """Return each text's position among ``texts``, -1 where it is empty or another."""
    indices = pc.index_in(column, value_set=pa.array(list(texts), pa.string()))
    return np.asarray(indices.cast(pa.int64()).fill_null(-1).to_numpy(), np.int64)


def _floats(values: npt.NDArray[np.generic]) -> Floats:
    return values.astype(np.float64)


def _column(name: str, values: npt.NDArray[np.generic]) -> pa.Array:
    if name in _MONEY:
        return _money(values)
    if name in _NEXT_ORDER:
        return _dates(_floats(values))
    made = pa.array(values, from_pandas=True)
    return made.cast(pa.int32()) if name in _WHOLE else made


def _money(values: npt.NDArray[np.generic]) -> pa.Array:
    floats = values.astype(np.float64)
    absent: Flags = np.isnan(floats)
    cents = np.rint(np.where(absent, 0.0, floats) * CENTS).astype(np.int64)
    return decimals(cents, scale=2, absent=absent)


def _dates(days: Floats) -> pa.Array:
    absent: Flags = np.isnan(days)
    whole = np.where(absent, 0.0, days).astype(np.int32)
    return pa.array(whole, mask=absent).cast(pa.date32())
