"""A DuckDB connection that stays within its memory and spills beside its data."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

Connection = duckdb.DuckDBPyConnection


@contextlib.contextmanager
def connect(folder: Path, *, memory_limit_mb: int) -> Iterator[Connection]:
    """Open an engine that spills to ``folder``, keeps the order of files, and thinks in UTC."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{memory_limit_mb}MB",
        "temp_directory": str(folder / "spill"),
        "preserve_insertion_order": True,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with duckdb.connect(config=config) as connection:
        # Global, for every cursor of it: the default is the machine's own.
        connection.execute("SET GLOBAL TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")
        yield connection


def text(value: str) -> str:
    """Return a value as a SQL text literal."""
    return "'" + value.replace("'", "''") + "'"


def only_row(connection: Connection, query: str) -> tuple[Any, ...]:
    """Return the one row that a query gives, and leave no unfinished result behind."""
    [row] = connection.execute(query).fetchall()
    return tuple(row)


def scalar(connection: Connection, query: str) -> Any:
    """Return the first value of the first row that a query gives, None without rows."""
    rows = connection.execute(query).fetchall()
    return rows[0][0] if rows else None


def parquet(paths: list[Path], *, record_numbers: bool = False) -> str:
    """Return the table function that reads Parquet files, in this order."""
    files = ", ".join(text(str(path)) for path in paths)
    extra = ", file_row_number = true, filename = true" if record_numbers else ""
    return f"read_parquet([{files}], hive_partitioning = false{extra})"
