"""Events that lie by customer, folded beside the engine."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Literal

import pyarrow as pa

from adapters.engines.duckdb.growing import GrowingTable
from adapters.engines.duckdb.outputs import read_query
from adapters.engines.duckdb.session import Connection, in_order
from adapters.engines.folding import FoldedTables, folded
from tessera.customers.folding.rows import event_rows
from tessera.customers.summary import Period, duckdb_days


def folded_events(connection: Connection, events: str, *, period: Period) -> Iterator[FoldedTables]:
    """Yield what events come to, some customers at a time, and once without any where none are.

    Parameters
    ----------
    events
        A relation with EVENTS' columns in the order of customers.
    period
        Events outside it don't count.
    """
    query = event_rows(events, period=period, days_until_as_of=duckdb_days(period))
    with in_order(connection):
        rows = read_query(connection, query)
        none = pa.RecordBatch.from_pylist([], rows.schema)
        yield from folded(itertools.chain([none], rows))


def fold_table(
    connection: Connection,
    name: str,
    events: str,
    *,
    period: Period,
    kept: Literal["customers", "days", "looks"],
) -> None:
    """Make one table of what events come to. See ``folded_events`` and ``FoldedTables``."""
    table = GrowingTable(connection, name)
    for tables in folded_events(connection, events, period=period):
        table.add(getattr(tables, kept))
