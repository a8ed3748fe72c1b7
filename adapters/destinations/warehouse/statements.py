"""Statements on a connection to a warehouse."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from tessera.destinations.warehouse import names
from tessera.destinations.warehouse.tables import Statement


def run(connection: Any, statements: Sequence[Statement]) -> None:
    """Execute statements, one after the other."""
    with contextlib.closing(connection.cursor()) as cursor:
        for text, values in statements:
            cursor.execute(text, values)


def rows(connection: Any, query: Statement) -> Sequence[Sequence[Any]]:
    """Return all rows of a query."""
    with contextlib.closing(connection.cursor()) as cursor:
        cursor.execute(*query)
        return list(cursor.fetchall())


def columns(connection: Any, schema: str) -> dict[str, list[str]]:
    """Return the columns of each table of a schema, in order."""
    by_table: dict[str, list[str]] = {}
    for table, column in rows(connection, names.columns(schema)):
        by_table.setdefault(table, []).append(column)
    return by_table
