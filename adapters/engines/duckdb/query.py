"""The mapping query on DuckDB: out of core, its spill files beside the downloaded tables."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from adapters.engines.query import ROWS_PER_BATCH, TableSource
from adapters.tables.parquet import arrow_schema, lacking


class DuckDBEngine:
    """Downloads the tables and queries the files.

    Parameters
    ----------
    memory_limit_mb
        What DuckDB may use before it spills to disk.
    """

    def __init__(self, *, memory_limit_mb: int = 1024) -> None:
        self._memory_limit_mb = memory_limit_mb

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


def _create_view(
    connection: duckdb.DuckDBPyConnection, name: str, source: TableSource, *, folder: Path
) -> None:
    if not source.keys:
        connection.register(name, arrow_schema(source.contract).empty_table())
        return
    names: set[str] = set(source.contract.names)
    for index, key in enumerate(source.keys):
        path = source.objects.download(key, folder / f"{index:06d}.parquet")
        names &= {*pq.read_schema(path).names}
    files = str(folder / "*.parquet").replace("'", "''")
    older = bool(lacking(source.contract, names))
    rows = f"FROM read_parquet('{files}', hive_partitioning = false, union_by_name = {older})"
    if older:
        connection.register(f"empty_{name}", arrow_schema(source.contract).empty_table())
        rows = f"FROM (FROM empty_{name} UNION ALL BY NAME {rows})"
    columns = ", ".join(f'"{column}"' for column in source.contract.names)
    connection.execute(f"CREATE VIEW {name} AS SELECT {columns} {rows}")
