"""People who are to be erased in a warehouse: their rows are deleted, in one transaction."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from tessera.destinations.erasing import ErasureAnswer, ErasurePerson
from tessera.destinations.warehouse import sql

PEOPLE = 1_000  # values of one statement

_DELETED = "the rows are deleted: backups and the storage that deleted rows held age out there"


def erase_rows(
    connection: Any,
    people: Sequence[ErasurePerson],
    *,
    schema: str,
) -> list[ErasureAnswer]:
    """Delete people's rows from all tables that have any. The caller commits."""
    ids = [person.customer_id for person in people]
    with contextlib.closing(connection.cursor()) as cursor:
        cursor.execute(*sql.having(schema, ids))
        known = {row[0] for row in cursor.fetchall()}
        for statement in sql.erase(schema, ids):
            cursor.execute(*statement)
    return [
        ErasureAnswer("deleted", _DELETED) if one in known else ErasureAnswer("absent")
        for one in ids
    ]
