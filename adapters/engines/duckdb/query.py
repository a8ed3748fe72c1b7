"""The mapping query on DuckDB: out of core, its spill files beside the downloaded tables."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from adapters.engines.duckdb.session import Connection, confine, connect, only_row
from adapters.engines.query import ROWS_PER_BATCH, Derived, TableSource
from adapters.tables.parquet import arrow_schema, completed, lacking, write_batches
from tessera.contracts.table import Table

_ROWS_TO_DERIVE = 65_536


class DuckDBEngine:
    """Downloads the tables and queries the files.

    Parameters
    ----------
    memory_limit_mb
        What DuckDB may use before it spills to disk.
    """

    def __init__(self, *, memory_limit_mb: int = 1024) -> None:
        self._memory_limit_mb = memory_limit_mb

    @contextlib.contextmanager
    def opened(self, tables: Mapping[str, TableSource]) -> Iterator[DuckDBTables]:
        """Download tables for several queries, which reach their folder and nothing else."""
        with (
            tempfile.TemporaryDirectory() as folder,
            connect(Path(folder), memory_limit_mb=self._memory_limit_mb) as connection,
        ):
            for name, source in tables.items():
                _create_view(connection, name, source, folder=Path(folder) / name)
            confine(connection, Path(folder))
            yield DuckDBTables(connection)

    def batches(self, sql: str, *, tables: Mapping[str, TableSource]) -> Iterator[pa.RecordBatch]:
        """Yield the query's rows in its order."""
        with tempfile.TemporaryDirectory() as folder:
            settings: dict[str, str | bool | int | float | list[str]] = {
                "memory_limit": f"{self._memory_limit_mb}MB",
                "temp_directory": str(Path(folder) / "spill"),
                "autoinstall_known_extensions": False,
            }
            with duckdb.connect(config=settings) as connection:
                connection.execute("SET TimeZone = 'UTC'")
                for name, source in tables.items():
                    _create_view(connection, name, source, folder=Path(folder) / name)
                yield from connection.sql(sql).to_arrow_reader(ROWS_PER_BATCH)


class DuckDBTables:
    """Tables in a connection, for several queries."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, name: str, query: str) -> None:
        """Give a query's rows a name, and compute them once."""
        self._connection.execute(f"CREATE TABLE {name} AS {query}")

    def view(self, name: str, query: str) -> None:
        """Give a query's rows a name, and compute them whenever they are read."""
        self._connection.execute(f"CREATE VIEW {name} AS {query}")

    def row(self, query: str) -> tuple[Any, ...]:
        """Return the one row that a query gives."""
        return only_row(self._connection, query)

    def batches(self, query: str) -> Iterator[pa.RecordBatch]:
        """Yield a query's rows in its order."""
        yield from self._connection.sql(query).to_arrow_reader(ROWS_PER_BATCH)


def _create_view(
    connection: duckdb.DuckDBPyConnection, name: str, source: TableSource, *, folder: Path
) -> None:
    if not source.keys:
        connection.register(name, arrow_schema(source.read_as).empty_table())
        return
    contract = source.read_as
    names: set[str] = set(contract.names)
    for index, key in enumerate(source.keys):
        path = source.objects.download(key, folder / f"{index:06d}.parquet")
        if source.derived:
            _derive(path, source.contract, source.derived)
        names &= {*pq.read_schema(path).names}
    files = str(folder / "*.parquet").replace("'", "''")
    older = bool(lacking(contract, names))
    rows = f"FROM read_parquet('{files}', hive_partitioning = false, union_by_name = {older})"
    if older:
        connection.register(f"empty_{name}", arrow_schema(contract).empty_table())
        rows = f"FROM (FROM empty_{name} UNION ALL BY NAME {rows})"
    columns = ", ".join(map(_quoted, contract.names))
    connection.execute(f"CREATE VIEW {name} AS SELECT {columns} {rows}")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _derive(path: Path, contract: Table, derived: Derived) -> None:
    """Replace a table's file by that of the table which is made of it."""
    with pq.ParquetFile(path) as file:
        there = [name for name in contract.names if name in file.schema_arrow.names]
        parts = (
            derived.of(rows)
            for batch in file.iter_batches(batch_size=_ROWS_TO_DERIVE, columns=there)
            for rows in completed(batch, contract).to_batches()
        )
        write_batches(path.with_suffix(".derived"), parts, derived.contract)
    path.with_suffix(".derived").replace(path)
