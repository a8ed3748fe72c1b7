"""Tables of a PostgreSQL as they are at one moment, into change files."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from adapters.databases.change_files import change_schema
from adapters.databases.connection import translated
from tessera.errors import InvalidInput
from tessera.sources.changes import INSERT, UPDATE, quoted
from tessera.sources.databases import file_names
from tessera.sources.databases.tables import DatabaseTable
from tessera.sources.databases.text_forms import text_sql
from tessera.sources.databases.transactions import commit_text, sequence_text

_BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_BLOCK_BYTES = 8_000_000
_ROWS_PER_FILE = 1_000_000


class TableSnapshot:
    """All that is read of it is as of ``at``, the moment at which it began.

    Parameters
    ----------
    connection
        It is used by nobody else meanwhile.
    """

    def __init__(self, connection: Any, *, rows_per_file: int = _ROWS_PER_FILE) -> None:
        self._connection = connection
        self._rows_per_file = rows_per_file
        ((moment,),) = connection.run("SELECT now()")
        self.at: dt.datetime = moment.astimezone(dt.UTC)

    def load(self, table: DatabaseTable, folder: Path, *, began: dt.datetime) -> list[Path]:
        """Write all rows of a table as a full load that began at a moment. Return the files.

        An empty table has one file without a row.
        """
        return self._write(
            table, folder, names=_load_names(), op=INSERT, at=began, where="", sequenced=False
        )

    def since(
        self, table: DatabaseTable, folder: Path, *, column: str, mark: str, overlap: dt.timedelta,
        at: dt.datetime, last: str,
    ) -> list[Path]:  # fmt: skip
        """Write the rows that changed after a mark, less an overlap. Return the files.

        Parameters
        ----------
        column
            Grows with each change of a row. A row without a value is read each time.
        mark
            The value of ``newest`` when the table was last read.
        at
            The instant of these changes.
        last
            The name of the last file of changes that there is.
        """
        name, seconds = quoted(column), int(overlap.total_seconds())
        mark = mark.replace("'", "''")
        where = (
            f" WHERE {name} >= '{mark}'::timestamptz::{_type(table, column)}"
            f" - interval '{seconds} seconds' OR {name} IS NULL"
        )
        names = _change_names(at, last)
        return self._write(
            table, folder, names=names, op=UPDATE, at=at, where=where, sequenced=True
        )

    def newest(self, table: DatabaseTable, *, column: str) -> str:
        """Return the greatest value of a column, at most this moment's. Empty without any."""
        kind = _type(table, column)
        with translated(f"table {table.full_name}"):
            ((value,),) = self._connection.run(
                f"SELECT least(max({quoted(column)}), now()::{kind})::timestamptz::text "
                f"FROM {_name(table)} HAVING max({quoted(column)}) IS NOT NULL"
            ) or [[""]]
        return str(value)

    def sample(self, table: DatabaseTable, *, rows: int) -> list[list[str | None]]:
        """Return the first rows of a table, as a change file would have them."""
        with translated(f"table {table.full_name}"):
            query = f"SELECT {_columns(table)} FROM {_name(table)} LIMIT {rows}"
            return [list(row) for row in self._connection.run(query)]

    def _write(
        self, table: DatabaseTable, folder: Path, *, names: Iterator[str], op: str,
        at: dt.datetime, where: str, sequenced: bool,
    ) -> list[Path]:  # fmt: skip
        schema = change_schema(table.column_names)
        folder.mkdir(parents=True, exist_ok=True)
        text = folder / ".rows.csv"
        try:
            self._copy(table, text, where=where)
            files = _LoadFiles(folder, schema, names=names, rows_per_file=self._rows_per_file)
            if text.stat().st_size:
                for batch in _batches(text, table):
                    files.add(batch, op=op, at=at, sequenced=sequenced)
            return files.close(even_empty=not sequenced)
        finally:
            text.unlink(missing_ok=True)

    def _copy(self, table: DatabaseTable, path: Path, *, where: str) -> None:
        query = f"SELECT {_columns(table)} FROM {_name(table)}{where}"
        with (
            translated(f"table {table.full_name}"),
            path.open("wb") as file,
            contextlib.closing(self._connection.cursor()) as cursor,
        ):
            cursor.execute(f"COPY ({query}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)", stream=file)


@contextlib.contextmanager
def snapshot(connection: Any, *, rows_per_file: int = _ROWS_PER_FILE) -> Iterator[TableSnapshot]:
    """Give a snapshot in a transaction that can't write, and end it."""
    with translated("the database"):
        connection.run(_BEGIN)
    try:
        with translated("the database"):
            made = TableSnapshot(connection, rows_per_file=rows_per_file)
        yield made
    finally:
        with contextlib.suppress(Exception):  # a connection that was lost has no transaction
            connection.run("ROLLBACK")


class _LoadFiles:
    """Files of at most so many rows, each of which appears whole."""

    def __init__(
        self, folder: Path, schema: pa.Schema, *, names: Iterator[str], rows_per_file: int
    ) -> None:
        self._folder, self._schema = folder, schema
        self._names, self._rows_per_file = names, rows_per_file
        self._path: Path | None = None
        self._writer: pq.ParquetWriter | None = None
        self._rows = self._all_rows = 0
        self._paths: list[Path] = []

    def add(self, batch: pa.RecordBatch, *, op: str, at: dt.datetime, sequenced: bool) -> None:
        """Add rows of one operation and instant."""
        if self._writer is None or self._rows >= self._rows_per_file:
            self._begin()
        assert self._writer is not None  # noqa: S101 (begun)
        count = batch.num_rows
        sequence = sequence_text(at, 0) if sequenced else None
        constants = [pa.repeat(pa.scalar(value, pa.string()), count) for value in (
            op, commit_text(at), sequence)]  # fmt: skip
        arrays = [constants[0], *batch.columns, *constants[1:]]
        self._writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=self._schema))
        self._rows += count

    def close(self, *, even_empty: bool) -> list[Path]:
        """Finish. Return the files, which are none without a row unless there must be one."""
        if self._writer is None and not self._paths and even_empty:
            self._begin()
        self._end()
        return self._paths

    def _begin(self) -> None:
        self._end()
        self._path = self._folder / next(self._names)
        self._writer = pq.ParquetWriter(self._path, self._schema, compression="zstd")
        self._rows = 0

    def _end(self) -> None:
        if self._writer is not None and self._path is not None:
            self._writer.close()
            self._paths.append(self._path)
            self._writer = None


def _batches(path: Path, table: DatabaseTable) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a text file. A null has no quotes, an empty text has."""
    names = list(table.column_names)
    with pa_csv.open_csv(
        path,
        read_options=pa_csv.ReadOptions(column_names=names, block_size=_BLOCK_BYTES),
        parse_options=pa_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    ) as reader:
        yield from reader


def _columns(table: DatabaseTable) -> str:
    return ", ".join(
        text_sql(quoted(column.name), type_=column.type_id) for column in table.columns
    )


def _name(table: DatabaseTable) -> str:
    return f"{quoted(table.schema)}.{quoted(table.name)}"


def _type(table: DatabaseTable, name: str) -> str:
    """Return the type of a column of moments."""
    (column,) = (column for column in table.columns if column.name == name)
    kind = column.type_name.partition("(")[0]
    if not kind.startswith(("timestamp", "date")):
        raise InvalidInput(
            f"column {name!r} of table {table.full_name}, which updated_at names, is "
            f"{column.type_name}: expected a timestamp or date. Remove updated_at to read the "
            "whole table each time"
        )
    return column.type_name


def _load_names() -> Iterator[str]:
    number = 1
    while True:
        yield file_names.load_name(number)
        number += 1


def _change_names(at: dt.datetime, last: str) -> Iterator[str]:
    while True:
        last = file_names.changes_name(at, after=last)
        yield last
