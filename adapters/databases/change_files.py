"""Change files of one table, as DMS writes them: Parquet, all columns text, bounded memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tessera.errors import InvalidInput
from tessera.sources.changes import CHANGE_COLUMNS, COMMITTED_AT, OPERATION, SEQUENCE
from tessera.sources.databases import file_names
from tessera.sources.databases.transactions import TableChange

_ROWS_AT_ONCE = 10_000
_BYTES_AT_ONCE = 16_000_000
_ROWS_PER_FILE = 1_000_000

Line = tuple[str | None, ...]


def change_schema(columns: Sequence[str]) -> pa.Schema:
    """Return a change file's columns for a table's: the operation is the first.

    Raises
    ------
    InvalidInput
        The table has a column with a name that a change file uses itself.
    """
    if taken := sorted({*CHANGE_COLUMNS} & {*columns}):
        raise InvalidInput(
            f"a table's column can't be named {taken[0]!r}, which a change file uses itself: read "
            "a view of the table that names it otherwise"
        )
    return pa.schema([(name, pa.string()) for name in _columns(columns)])


class ChangeFile:
    """A file that is written row by row. It appears whole, or not at all."""

    def __init__(self, path: Path, *, columns: Sequence[str]) -> None:
        self._schema = change_schema(columns)
        self._path = path
        self._unfinished = path.with_name(f".{path.name}.unfinished")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._writer = pq.ParquetWriter(self._unfinished, self._schema, compression="zstd")
        self._lines: list[Line] = []
        self._bytes = 0
        self.rows = 0

    def add(self, line: Line) -> None:
        """Add a row: the operation, the table's values, the commit, the sequence."""
        self._lines.append(line)
        self._bytes += sum(len(value) for value in line if value)
        self.rows += 1
        if len(self._lines) >= _ROWS_AT_ONCE or self._bytes >= _BYTES_AT_ONCE:
            self._flush()

    def close(self) -> Path:
        """Write the rest, and give the file its name. Return its path."""
        self._flush()
        self._writer.close()
        self._unfinished.replace(self._path)
        return self._path

    def discard(self) -> None:
        """Leave no file."""
        self._writer.close()
        self._unfinished.unlink(missing_ok=True)

    def _flush(self) -> None:
        if self._lines:
            columns = zip(*self._lines, strict=True)
            arrays = [pa.array(column, pa.string()) for column in columns]
            self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
        self._lines, self._bytes = [], 0


class TableChanges:
    """The files of a table's changes, in their order.

    Parameters
    ----------
    folder
        The table's folder.
    last
        The name of the last file that there is already.
    """

    def __init__(
        self, folder: Path, *, last: str = "", rows_per_file: int = _ROWS_PER_FILE
    ) -> None:
        self._folder, self._last, self._rows_per_file = folder, last, rows_per_file
        self._file: ChangeFile | None = None
        self._columns: tuple[str, ...] = ()
        self.paths: list[Path] = []
        self.changes = 0
        self.emptied = False  # whether what the table had before no longer counts

    def add(self, change: TableChange, *, moment: dt.datetime) -> None:
        """Add a change. ``moment`` is its commit's, after which a new file is named."""
        file = self._file
        other = change.relation.names != self._columns
        if file is None or other or file.rows >= self._rows_per_file:
            file = self._begin(change.relation.names, moment)
        file.add((change.op, *change.values, change.commit_at, change.sequence))
        self.changes += 1

    def empty(self) -> None:
        """Forget everything so far: the table was emptied."""
        self.discard()
        self.emptied = True

    def close(self) -> list[Path]:
        """Finish the last file. Return all."""
        self._end()
        return self.paths

    def discard(self) -> None:
        """Leave no file."""
        if self._file is not None:
            self._file.discard()
            self._file = None
        for path in self.paths:
            path.unlink(missing_ok=True)
        self.paths = []

    def _begin(self, columns: tuple[str, ...], moment: dt.datetime) -> ChangeFile:
        self._end()
        self._last = file_names.changes_name(moment, after=self._last)
        self._columns = columns
        self._file = ChangeFile(self._folder / self._last, columns=columns)
        return self._file

    def _end(self) -> None:
        if self._file is not None:
            self.paths.append(self._file.close())
            self._file = None


def write_rows(
    path: Path, rows: Iterable[Sequence[str | None]], *, columns: Sequence[str], op: str,
    commit_at: str, sequences: Iterable[str | None],
) -> int:  # fmt: skip
    """Write a file of rows that have one instant. Return how many there were."""
    file = ChangeFile(path, columns=columns)
    try:
        for row, sequence in zip(rows, sequences, strict=False):
            file.add((op, *row, commit_at, sequence))
    except BaseException:
        file.discard()
        raise
    file.close()
    return file.rows


def _columns(columns: Sequence[str]) -> tuple[str, ...]:
    return (OPERATION, *columns, COMMITTED_AT, SEQUENCE)
