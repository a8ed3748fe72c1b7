"""A DuckDB connection that stays within its memory and spills beside its data."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from adapters.engines.raised import raised_in

Connection = duckdb.DuckDBPyConnection
SMALL_BYTES = 65_536  # of files, packed or not


@contextlib.contextmanager
def connect(folder: Path, *, memory_limit_mb: int) -> Iterator[Connection]:
    """Open an engine that spills to ``folder``, thinks in UTC, and keeps order when asked to."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{memory_limit_mb}MB",
        "temp_directory": str(folder / "spill"),
        "preserve_insertion_order": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with duckdb.connect(config=config) as connection:
        # Global, for every cursor of it: the default is the machine's own.
        connection.execute("SET GLOBAL TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")
        # It would make a join of each list of words, even where no query reads what comes of it.
        connection.execute("SET GLOBAL disabled_optimizers = 'in_clause'")
        yield connection


def confine(connection: Connection, folder: Path, *, files: Sequence[Path] = ()) -> None:
    """Let the engine reach its own folder and some files only, and nothing else ever after.

    The configuration itself stays open, since ``in_zone`` and ``in_order`` change it. External
    access can't be allowed again in a running engine.
    """
    paths = ", ".join(text(str(file)) for file in files)
    connection.execute(f"SET GLOBAL allowed_directories = [{text(f'{folder}/')}]")
    connection.execute(f"SET GLOBAL allowed_paths = [{paths}]")
    connection.execute("SET GLOBAL enable_external_access = false")


@contextlib.contextmanager
def in_zone(connection: Connection, name: str) -> Iterator[None]:
    """Let dates without an offset be in this time zone."""
    connection.execute(f"SET TimeZone = {text(name)}")
    try:
        yield
    finally:
        connection.execute("SET TimeZone = 'UTC'")


@contextlib.contextmanager
def in_order(connection: Connection) -> Iterator[None]:
    """Let queries keep the order of the files that they read, which costs time."""
    connection.execute("SET preserve_insertion_order = true")
    try:
        yield
    finally:
        connection.execute("SET preserve_insertion_order = false")


@contextlib.contextmanager
def as_written(connection: Connection, files: Sequence[Path]) -> Iterator[None]:
    """Run queries over small files as they are written, and improve the plans of all others.

    Of a few thousand rows, improving a plan takes longer than it saves.
    """
    if sum(file.stat().st_size for file in files) > SMALL_BYTES:
        yield
        return
    connection.execute("PRAGMA disable_optimizer")
    try:
        yield
    finally:
        connection.execute("PRAGMA enable_optimizer")


def text(value: str) -> str:
    """Return a value as a SQL text literal."""
    return "'" + value.replace("'", "''") + "'"


def only_row(connection: Connection, query: str) -> tuple[Any, ...]:
    """Return the one row that a query gives, and leave no unfinished result behind."""
    [row] = connection.execute(query).fetchall()
    return tuple(row)


def scalar(connection: Connection, query: str) -> Any:  # noqa: ANN401 (a SQL value)
    """Return the first value of the first row that a query gives, None without rows."""
    rows = connection.execute(query).fetchall()
    return rows[0][0] if rows else None


def memory_bytes(connection: Connection) -> int:
    """Return what the engine may use before it spills."""
    return int(scalar(connection, "SELECT parse_formatted_bytes(current_setting('memory_limit'))"))


def parquet(paths: list[Path], *, filename: bool = False) -> str:
    """Return the table function that reads Parquet files, with each row's file if wanted."""
    files = ", ".join(text(str(path)) for path in paths)
    named = ", filename = true" if filename else ""
    return f"read_parquet([{files}], hive_partitioning = false{named})"


@contextlib.contextmanager
def private_errors() -> Iterator[None]:
    """Turn an error of the engine into one that quotes no cell: the engine's own messages do.

    Raises
    ------
    MemoryError
        The engine's limit was too low. Who runs a small job in a function gives it to a machine.
    RuntimeError
        Names the engine's error and where it arose.
    """
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise MemoryError(
            f"the engine had too little memory in {raised_in(error)}: give Prepare more "
            '(jobs.prepare_memory_mb of the stage), or set engine = "spark"'
        ) from None
    except (duckdb.Error, pa.ArrowException) as error:
        kind = type(error).__name__
        raise RuntimeError(f"the engine failed in {raised_in(error)}: {kind}") from None
