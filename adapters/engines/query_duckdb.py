"""The mapping query on DuckDB: out of core, its spill files beside the downloaded tables."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa

from adapters.engines.engine import ROWS_PER_BATCH, Source
from adapters.parquet import arrow_schema


class DuckDBEngine:
    """Downloads the tables and queries the files.

    Parameters
    ----------
    memory_limit_mb
        What DuckDB may use before it spills to disk.
    """

    def __init__(self, *, memory_limit_mb: int = 1024) -> None:
        self._memory_limit_mb = memory_limit_mb

    def batches(self, sql: str, *, tables: Mapping[str, Source]) -> Iterator[pa.RecordBatch]:
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
    connection: duckdb.DuckDBPyConnection, name: str, source: Source, *, folder: Path
) -> None:
    if not source.keys:
        connection.register(name, arrow_schema(source.contract).empty_table())
        return
    for index, key in enumerate(source.keys):
        source.objects.download(key, folder / f"{index:06d}.parquet")
    columns = ", ".join(f'"{column}"' for column in source.contract.names)
    files = str(folder / "*.parquet").replace("'", "''")
    connection.execute(
        f"CREATE VIEW {name} AS "  # noqa: S608 (our own folder and column names)
        f"SELECT {columns} FROM read_parquet('{files}', hive_partitioning = false)"
    )
