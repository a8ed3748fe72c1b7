"""The customer summary as arrays, and the profiles that scoring makes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from adapters.tables.column_files import ColumnFiles
from adapters.tables.columns import Ints, days, decimals, integers, optional, unscaled
from adapters.tables.models import taken
from adapters.tables.parquet import arrow_schema, by_key, iter_blocks
from adapters.tables.scored_files import CustomerFiles
from adapters.tables.set_columns import numbers
from tessera.contracts.tables import CUSTOMERS, PROFILES
from tessera.customers.money import cents, cents_per_order
from tessera.customers.units import CENTS
from tessera.segments.scoring import CustomerColumns, Scored
from tessera.segments.sets.conditions import DAYS, SCORES

CLICKS = ("views", "views_30d", "sessions", "sessions_30d", "last_view_days")
_KEPT = ("customer_key", "first_purchase_at", "last_purchase_at", "recency_days", "frequency")
PROFILE_COLUMNS = (*_KEPT, "tenure_days", *CLICKS)  # what ``profile_table`` reads of customers
SET_COLUMNS = (*PROFILE_COLUMNS[1:], "monetary")  # what ``set_columns`` reads of them
_CELLS = [str(cell) for cell in range(1000)]
_SCORED = {  # what scoring reads of customers
    "recency_days": "recency_days", "orders": "frequency", "monetary": "monetary",
    "last_event_us": "last_event_at", "events": "events",
}  # fmt: skip


class CustomerBlocks:
    """The customer summary in the order of keys, read in blocks and by columns.

    Parameters
    ----------
    folder
        Holds CUSTOMERS, in any order.
    rows
        Of a block.
    scratch
        An empty folder, for a sorted copy.
    """

    def __init__(self, folder: Path, *, rows: int, scratch: Path) -> None:
        self._source = by_key(folder, CUSTOMERS, scratch=scratch)
        self._rows = rows

    def read(self, names: Sequence[str]) -> Iterator[tuple[slice, pa.Table]]:
        """Yield some columns, block after block, with the rows that they are."""
        start = 0
        for table in iter_blocks(self._source, rows=self._rows, columns=names):
            yield slice(start, start + len(table)), table
            start += len(table)

    def keys(self) -> Iterator[pa.ChunkedArray]:
        """Yield the customer_keys, block after block."""
        return (table.column(0) for _, table in self.read(["customer_key"]))

    def columns(self, folder: Path) -> CustomerFiles:
        """Return what scoring needs of all customers, in files of an empty folder."""
        files = ColumnFiles(folder)
        for _, table in self.read(tuple(_SCORED.values())):
            files.append({name: _exactly(table, of) for name, of in _SCORED.items()})
        return CustomerFiles(files)


def _exactly(table: pa.Table, name: str) -> Ints:
    """Return a column as int64. 0 where absent."""
    column = table.column(name)
    return unscaled(column) if name == "monetary" else integers(column)


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
    known = {**{name: customers.column(name) for name in _KEPT}, **made, **predicted}
    schema, rows = arrow_schema(PROFILES), len(customers)
    return pa.table(
        {
            name: known[name] if name in known else pa.nulls(rows, schema.field(name).type)
            for name in PROFILES.names
        }
    )
