"""The customer summary as arrays, and the profiles that scoring makes of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from adapters.columns import decimals, integers, optional, unscaled
from adapters.parquet import read_table
from tessera.contracts.tables import CUSTOMERS
from tessera.customers.money import cents, cents_per_order
from tessera.segments.scoring import CustomerColumns, Scored

_CELLS = pa.array([str(cell) for cell in range(1000)])


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


def profile_table(
    customers: pa.Table, *, columns: CustomerColumns, scored: Scored, as_of: dt.date
) -> pa.Table:
    """Return the profiles of customers, in their order, in the contract's columns."""
    scores, cells = scored.scores, scored.scores.cells()
    unscored, labels = cells == 0, [one.label for one in scored.definition.everyone]
    mean = cents_per_order(columns.monetary, frequency=columns.orders)
    kept = ("customer_key", "first_purchase_at", "last_purchase_at", "recency_days", "frequency")
    made = {
        "monetary": decimals(cents(columns.monetary), scale=2),
        "mean_order_value": decimals(mean, scale=2, absent=columns.orders == 0),
        "tenure_days": customers.column("tenure_days"),
        "views": customers.column("views"),
        "r_score": optional(scores.recency, absent=unscored),
        "f_score": optional(scores.frequency, absent=unscored),
        "m_score": optional(scores.monetary, absent=unscored),
        "rfm_score": _CELLS.take(optional(cells, absent=unscored)),
        "cluster": optional(scored.clusters, absent=scored.clusters == 0),
        "segment": pa.array(labels, pa.string()).take(pa.array(scored.codes)),
        "as_of": pa.repeat(pa.scalar(as_of, pa.date32()), len(customers)),
    }
    return pa.table({**{name: customers.column(name) for name in kept}, **made})
