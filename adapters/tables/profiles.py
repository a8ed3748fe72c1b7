"""The customer summary as arrays, and the profiles that scoring makes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from adapters.tables.columns import days, decimals, integers, optional, unscaled
from adapters.tables.models import taken
from adapters.tables.parquet import arrow_schema, read_table
from adapters.tables.set_columns import numbers
from tessera.contracts.tables import CUSTOMERS, PROFILES
from tessera.customers.money import cents, cents_per_order
from tessera.customers.units import CENTS
from tessera.segments.scoring import CustomerColumns, Scored
from tessera.segments.sets.conditions import DAYS, SCORES

CLICKS = ("views", "views_30d", "sessions", "sessions_30d", "last_view_days")
_CELLS = [str(cell) for cell in range(1000)]


def read_customers(folder: Path) -> pa.Table:
    """Return the customer summary sorted by key, whatever order its files are in."""
    table = read_table(folder, columns=CUSTOMERS.names)
    keys = table.column("customer_key")
    ordered = pc.all(pc.less(keys.slice(0, max(len(keys) - 1, 0)), keys.slice(1))).as_py()
    return table if ordered else table.sort_by("customer_key")


def customer_columns(customers: pa.Table) -> CustomerColumns:
    """Return the columns that scoring needs, exactly, as int64."""
    return CustomerColumns(
        recency_days=integers(customers.column("recency_days")),
        orders=integers(customers.column("frequency")),
        monetary=unscaled(customers.column("monetary")),
        last_event_us=integers(customers.column("last_event_at")),
        events=integers(customers.column("events")),
    )


def set_columns(customers: pa.Table, *, scored: Scored) -> dict[str, npt.NDArray[np.generic]]:
    """Return what segment sets may read beside the forecasts: numbers, NaN for empty.

    Money is in cents as the profiles have it, so that a label agrees with what people see.
    """
    orders = integers(customers.column("frequency"))
    monetary = unscaled(customers.column("monetary"))
    mean = cents_per_order(monetary, frequency=orders) / CENTS
    ranks: dict[str, npt.NDArray[np.integer]] = {
        "r_score": scored.scores.recency,
        "f_score": scored.scores.frequency,
        "m_score": scored.scores.monetary,
        "cluster": scored.clusters,
        SCORES: scored.scores.cells(),
    }
    return {
        "recency_days": numbers(customers.column("recency_days")),
        "frequency": orders.astype(np.float64),
        "monetary": cents(monetary) / CENTS,
        "mean_order_value": np.where(orders > 0, mean, np.nan),
        "tenure_days": numbers(customers.column("tenure_days")),
        **{name: numbers(customers.column(name)) for name in CLICKS},
        **{name: days(customers.column(name)) for name in DAYS if name in CUSTOMERS.names},
        **{name: np.where(values > 0, values, np.nan) for name, values in ranks.items()},
    }


def profile_table(
    customers: pa.Table,
    *,
    columns: CustomerColumns,
    scored: Scored,
    predicted: Mapping[str, pa.Array],
    as_of: dt.date,
) -> pa.Table:
    """Return the profiles of customers, in their order, in the contract's columns.

    Parameters
    ----------
    customers, columns
        The customer summary, and what scoring took of it.
    scored
        Scores, clusters and segments.
    predicted
        The forecasts' and segment sets' columns by name. Those it lacks are empty.
    as_of
        The day that the profiles describe.
    """
    scores, cells = scored.scores, scored.scores.cells()
    unscored, labels = cells == 0, [one.label for one in scored.definition.everyone]
    mean = cents_per_order(columns.monetary, frequency=columns.orders)
    kept = ("customer_key", "first_purchase_at", "last_purchase_at", "recency_days", "frequency")
    made = {
        "monetary": decimals(cents(columns.monetary), scale=2),
        "mean_order_value": decimals(mean, scale=2, absent=columns.orders == 0),
        "tenure_days": customers.column("tenure_days"),
        **{name: customers.column(name) for name in CLICKS},
        "r_score": optional(scores.recency, absent=unscored),
        "f_score": optional(scores.frequency, absent=unscored),
        "m_score": optional(scores.monetary, absent=unscored),
        "rfm_score": taken(_CELLS, np.where(unscored, -1, cells)),
        "cluster": optional(scored.clusters, absent=scored.clusters == 0),
        "segment": taken(labels, scored.codes),
        "as_of": pa.repeat(pa.scalar(as_of, pa.date32()), len(customers)),
    }
    known = {**{name: customers.column(name) for name in kept}, **made, **predicted}
    schema, rows = arrow_schema(PROFILES), len(customers)
    return pa.table(
        {
            name: known[name] if name in known else pa.nulls(rows, schema.field(name).type)
            for name in PROFILES.names
        }
    )
