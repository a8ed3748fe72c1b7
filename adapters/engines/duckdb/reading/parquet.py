"""Parquet files as relations of texts, as all files are judged."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb

from adapters.engines.duckdb.session import Connection, in_order, text
from tessera.errors import InvalidInput
from tessera.sources.first_rows import SAMPLE_ROWS

_ROWS_AT_ONCE = 1000


@dataclasses.dataclass(frozen=True, kw_only=True)
class ParquetTable:
    """What a Parquet file has.

    Parameters
    ----------
    header
        Its column names.
    types
        Column name to the engine's type.
    relation
        SQL of its rows, each cell a text, in columns ``c0``, ``c1`` and so on.
    sample
        Its first rows, at most 500.
    """

    header: tuple[str, ...]
    types: Mapping[str, str]
    relation: str
    sample: Sequence[Sequence[str | None]]


def open_parquet(connection: Connection, path: Path, *, name: str) -> ParquetTable:
    """Return a file's columns and first rows.

    Raises
    ------
    InvalidInput
        It is no readable Parquet file.
    """
    source = f"read_parquet({text(str(path))}, hive_partitioning = false)"
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()  # noqa: S608
    except duckdb.Error as error:
        raise InvalidInput(f"{name} is no readable Parquet file: {error}") from error
    header = tuple(str(row[0]) for row in described)
    relation = f"(SELECT {_texts(header)} FROM {source})"  # noqa: S608
    query = f"SELECT * FROM {relation} LIMIT {SAMPLE_ROWS}"  # noqa: S608
    return ParquetTable(
        header=header,
        types={str(row[0]): str(row[1]) for row in described},
        relation=relation,
        sample=connection.execute(query).fetchall(),
    )


def parquet_cells(connection: Connection, relation: str) -> Iterator[tuple[str | None, ...]]:
    """Yield the rows of a relation in the order of its file."""
    with in_order(connection):
        cursor = connection.cursor().execute(f"SELECT * FROM {relation}")  # noqa: S608
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            yield from rows


def _texts(header: Sequence[str]) -> str:
    return ", ".join(
        f"nullif(CAST({_quoted(name)} AS VARCHAR), '') AS c{place}"
        for place, name in enumerate(header)
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
