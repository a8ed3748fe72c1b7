"""A table that is made bit by bit."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from adapters.engines.duckdb.session import Connection


class GrowingTable:
    """A table that is made with the first rows."""

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection, self._name = connection, name
        self._start = f"CREATE TABLE {name} AS"

    def extend(self, query: str) -> None:
        """Add what a query gives."""
        self._connection.execute(f"{self._start} {query}")
        self._start = f"INSERT INTO {self._name}"

    def add(self, rows: pa.Table) -> None:
        """Add rows."""
        self._connection.register("added_rows", rows)
        self.extend("FROM added_rows")
        self._connection.unregister("added_rows")


def fill(connection: Connection, name: str, queries: Iterable[str]) -> None:
    """Make a table of what queries give, one after another, in the place of one of this name."""
    connection.execute(f"DROP TABLE IF EXISTS {name}")
    table = GrowingTable(connection, name)
    for query in queries:
        table.extend(query)
