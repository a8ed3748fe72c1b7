"""Parquet files as relations of texts, as all files are judged."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt

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


def check_ids(kind: str, *, header: str, name: str) -> None:
    """Refuse ids that are fractions.

    Raises
    ------
    InvalidInput
        The column of ids has a type of the engine's for fractions.
    """
    if kind in ("DOUBLE", "FLOAT") or (kind.startswith("DECIMAL(") and not kind.endswith(",0)")):
        raise InvalidInput(
            f"{name} has numbers with fractions in {header!r}: an id read as 17850.0 is no "
            "longer the id that the shop knows. Write the column as text or as integers"
        )


def parquet_rows(
    connection: Connection, path: Path, records: npt.NDArray[np.int64], *, cells: int
) -> Iterator[tuple[int, str]]:
    """Yield the number, from 1, and the text of some records, given in ascending order.

    Parameters
    ----------
    cells
        How many columns the file has.
    """
    for start in range(0, len(records), _ROWS_AT_ONCE):
        chunk = records[start : start + _ROWS_AT_ONCE].tolist()
        wanted = ", ".join(str(number) for number in chunk)
        query = (
            f"SELECT file_row_number, * FROM read_parquet({text(str(path))}, "  # noqa: S608
            f"hive_partitioning = false, file_row_number = true) "
            f"WHERE file_row_number IN ({wanted}) ORDER BY file_row_number"
        )
        for row in connection.execute(query).fetchall():
            texts = ["" if cell is None else str(cell) for cell in row[1 : 1 + cells]]
            yield int(row[0]) + 1, ",".join(texts)


def _texts(header: Sequence[str]) -> str:
    return ", ".join(
        f"nullif(CAST({_quoted(name)} AS VARCHAR), '') AS c{place}"
        for place, name in enumerate(header)
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
