"""What events come to, whole, from DuckDB."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from adapters.engines.duckdb.folding import folded_events
from adapters.engines.duckdb.history import by_customer
from adapters.engines.folding import FoldedTables
from tessera.customers.summary import Period


def fold_all(connection: duckdb.DuckDBPyConnection, events: str, *, period: Period) -> FoldedTables:
    """Return CUSTOMERS, CUSTOMER_DAYS and LOOK_DAYS of events in any order."""
    connection.execute(f"CREATE OR REPLACE TABLE to_fold AS SELECT * FROM {events}")
    parts = list(folded_events(connection, by_customer("to_fold"), period=period))
    connection.execute("DROP TABLE to_fold")
    return FoldedTables(
        customers=pa.concat_tables(part.customers for part in parts),
        days=pa.concat_tables(part.days for part in parts),
        looks=pa.concat_tables(part.looks for part in parts),
    )
