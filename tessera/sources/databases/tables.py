"""A table of a database, as its catalog describes it, and how it is read."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from tessera.errors import InvalidInput

Key = tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class TableColumn:
    """A column.

    Parameters
    ----------
    type_name
        For people, ``numeric(12,2)``.
    type_id
        The OID of its type. Of a domain, that of the type that it is made of.
    generated
        Whether the database computes it. Its changes do not have it.
    readable
        Whether the user may read it.
    """

    name: str
    type_name: str
    type_id: int
    generated: bool = False
    readable: bool = True


@dataclasses.dataclass(frozen=True, kw_only=True)
class DatabaseTable:
    """A table or view.

    Parameters
    ----------
    primary_key
        Its columns, in order. Empty where there is none.
    sends_whole_rows
        Whether its changes have the whole row before: ``REPLICA IDENTITY FULL``.
    estimated_rows
        As the database last counted. -1 where it never did.
    """

    schema: str
    name: str
    columns: tuple[TableColumn, ...]
    primary_key: Key = ()
    sends_whole_rows: bool = False
    estimated_rows: int = -1

    @property
    def full_name(self) -> str:
        """The schema and the name, for people and as the key of a table."""
        return f"{self.schema}.{self.name}"

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(column.name for column in self.columns)


@dataclasses.dataclass(frozen=True, kw_only=True)
class TableRequest:
    """A table that is to be read.

    Parameters
    ----------
    key
        The columns that identify a row. Empty for the primary key.
    updated_at
        The column that grows with each change of a row. Empty where there is none.
    columns
        The columns to read. Empty for all.
    optional
        Those of them that the table may lack.
    """

    schema: str
    table: str
    key: Key = ()
    updated_at: str = ""
    columns: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """The schema and the name."""
        return f"{self.schema}.{self.table}"


def resolved(
    request: TableRequest, tables: Sequence[DatabaseTable], *, changes: bool = False
) -> tuple[DatabaseTable, Key]:
    """Return the table that a request names with the columns to read, and its key.

    Parameters
    ----------
    changes
        Whether its changes are read, which lack the columns that the database computes.

    Raises
    ------
    InvalidInput
        There is no such table or column, the user may not read it, or it has no key.
    """
    table = _named(request, tables)
    key = request.key or table.primary_key
    if not key:
        raise InvalidInput(
            f"table {table.full_name} has no primary key: name the columns that identify a row in "
            f'the mapping, key = ["…"]. It has {", ".join(table.column_names)}'
        )
    missing = {*request.optional} - {*table.column_names}
    wanted = {*request.columns, *key, *filter(None, [request.updated_at])} - missing
    for name in sorted(wanted):
        _check_column(table, name, changes=changes)
    read = tuple(
        column
        for column in table.columns
        if (column.name in wanted if request.columns else column.readable)
        and not (changes and column.generated)
    )
    return dataclasses.replace(table, columns=read), key


def _named(request: TableRequest, tables: Sequence[DatabaseTable]) -> DatabaseTable:
    for table in tables:
        if (table.schema, table.name) == (request.schema, request.table):
            return table
    there = ", ".join(sorted(table.full_name for table in tables)) or "none"
    raise InvalidInput(
        f"the database has no table {request.full_name} that this user may see: check the name in "
        f"the mapping and the user's rights. There are: {there}"
    )


def _check_column(table: DatabaseTable, name: str, *, changes: bool) -> None:
    columns = {column.name: column for column in table.columns}
    if name not in columns:
        raise InvalidInput(
            f"table {table.full_name} has no column {name!r}, which the mapping names: it has "
            f"{', '.join(columns)}"
        )
    if not columns[name].readable:
        raise InvalidInput(
            f"this user may not read column {name!r} of table {table.full_name}: run GRANT SELECT "
            f"ON {table.full_name} for it"
        )
    if changes and columns[name].generated:
        raise InvalidInput(
            f"column {name!r} of table {table.full_name} is computed by the database, so its "
            "changes lack it: read the table without --changes, or compute it in the mapping"
        )


def types_of(table: DatabaseTable) -> dict[str, str]:
    """Return the type of each column, as a reader remembers them."""
    return {column.name: column.type_name for column in table.columns}
