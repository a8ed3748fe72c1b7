"""The views over Parquet files on this machine, by DuckDB: analysts read them, nothing is written.

DuckDB reaches the files of the bases and nothing else, and runs statements that only read.
"""

from __future__ import annotations

import contextlib
import dataclasses
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from adapters.engines.duckdb.session import Connection, confine, connect, parquet, text
from tessera.contracts.table import Column, Table
from tessera.errors import InvalidInput
from tessera.warehouse.queries import bases_of, create
from tessera.warehouse.views import BASES, VIEWS

_READS = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
_ROWS_AT_ONCE = 1_000
_TYPES = {"string": "varchar", "double": "double"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class TablePart:
    """Files of a base, and what their folder says of every row, such as the run.

    Without files the values are one row, if they are all of the base's columns.
    """

    files: tuple[Path, ...] = ()
    values: Mapping[str, str | int]


@dataclasses.dataclass(frozen=True, kw_only=True)
class QueryRows:
    """What a query returns: its columns, and its rows as they are read."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


class FileWarehouse:
    """An open warehouse. ``opened`` makes one."""

    def __init__(self, connection: Connection, *, tables: Mapping[str, Table]) -> None:
        self._connection = connection
        self.tables = tables

    def split(self, text: str) -> list[str]:
        """Return the statements of a text.

        Raises
        ------
        InvalidInput
            It is no SQL.
        """
        with self._explained():
            return [one.query.strip() for one in self._connection.extract_statements(text)]

    def query(self, statement: str) -> QueryRows:
        """Return the rows of one statement that only reads.

        Raises
        ------
        InvalidInput
            It is not one such statement, or the engine refuses it. The message lists the tables.
        """
        with self._explained():
            statements = self._connection.extract_statements(statement)
            if len(statements) != 1:
                raise InvalidInput(f"{len(statements)} statements: give one at a time")
            if statements[0].type not in _READS:
                raise InvalidInput("this statement would change something: only SELECT is allowed")
            self._connection.execute(statements[0])
            described = self._connection.description or []
        return QueryRows(columns=tuple(str(one[0]) for one in described), rows=self._fetch())

    def _fetch(self) -> Iterator[tuple[Any, ...]]:
        while True:
            with self._explained():
                rows = self._connection.fetchmany(_ROWS_AT_ONCE)
            if not rows:
                return
            yield from rows

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except duckdb.CatalogException as error:
            names = ", ".join(sorted(self.tables))
            raise InvalidInput(f"{_first_line(error)}. The tables are {names}") from error
        except duckdb.Error as error:
            raise InvalidInput(_first_line(error)) from error


def _first_line(error: Exception) -> str:
    """Return the engine's words, without the kind of its error."""
    return str(error).split("\n", 1)[0].partition(": ")[2].rstrip(".!")


@contextlib.contextmanager
def opened(
    bases: Mapping[str, Sequence[TablePart]], *, more: Sequence[tuple[Table, Path]] = (),
    memory_limit_mb: int = 1024,
) -> Iterator[FileWarehouse]:  # fmt: skip
    """Give the views over the files of the bases.

    Parameters
    ----------
    bases
        The parts of each base. A base without parts has no rows.
    more
        Further tables, each with its Parquet file.
    """
    with (
        tempfile.TemporaryDirectory(prefix="tessera-sql-") as folder,
        connect(Path(folder), memory_limit_mb=memory_limit_mb) as connection,
    ):
        tables = {one.name: one for one in BASES if one.name in bases}
        for base in tables.values():
            rows = _rows(base, bases[base.name])
            connection.execute(f"CREATE VIEW {base.name} AS {rows}")
        for view in VIEWS:
            if bases_of(view) <= bases.keys():
                connection.execute(create(view, dialect="duckdb", named=str))
                tables[view.name] = view
        for table, file in more:
            rows = _rows(table, [TablePart(files=(file,), values={})])
            connection.execute(f"CREATE VIEW {table.name} AS {rows}")
            tables[table.name] = table
        files = [file for parts in bases.values() for part in parts for file in part.files]
        confine(connection, Path(folder), files=[*files, *(file for _, file in more)])
        connection.execute("SET lock_configuration = true")
        yield FileWarehouse(connection, tables=tables)


def _rows(base: Table, parts: Sequence[TablePart]) -> str:
    """Return the query of a base's rows. A column that an earlier version did not write is NULL."""
    empty = ", ".join(f"CAST(NULL AS {_type(one)}) AS {one.name}" for one in base.columns)
    selects = [f"SELECT {empty} WHERE false", *(_part(base, one) for one in parts)]
    cast = ", ".join(f"CAST({one.name} AS {_type(one)}) AS {one.name}" for one in base.columns)
    return f"SELECT {cast} FROM ({' UNION ALL BY NAME '.join(selects)}) AS parts"


def _part(base: Table, part: TablePart) -> str:
    known = {
        name: text(value) if isinstance(value, str) else str(value)
        for name, value in part.values.items()
    }
    given = "".join(f"{value} AS {name}, " for name, value in known.items())
    wanted = {one.name for one in base.columns} - known.keys()
    if not part.files:
        return f"SELECT {given}1 AS only WHERE {'false' if wanted else 'true'}"
    columns = f"COLUMNS(lambda name: name IN ({', '.join(map(text, sorted(wanted)))}))"
    return f"SELECT {given}{columns} FROM {parquet(list(part.files))}"


def _type(column: Column) -> str:
    return _TYPES.get(column.type, column.type)
