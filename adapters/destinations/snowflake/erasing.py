"""People who are to be erased at Snowflake: their rows are deleted, one statement a table.

Each statement commits by itself, and can be repeated. The customers' ids are one bound text.
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.destinations.snowflake.statements import Statements
from adapters.destinations.warehouse.errors import Wrong
from tessera.destinations.erasing import ErasureAnswer, ErasurePerson
from tessera.destinations.requests import Malformed
from tessera.destinations.vendors.snowflake import sql
from tessera.errors import Refused, Retryable

PEOPLE = 1_000  # the rows of the first partition of an answer

_DELETED = (
    "the rows are deleted. Time Travel keeps them for the tables' DATA_RETENTION_TIME_IN_DAYS, one "
    "day by default, and Fail-safe for seven days after that"
)


def erase_rows(
    statements: Statements, people: Sequence[ErasurePerson], *, schema: str
) -> list[ErasureAnswer]:
    """Delete people's rows from all tables that have any.

    Raises
    ------
    Refused
        Snowflake did not accept a statement.
    Retryable
        A response proves nothing.
    """
    ids = [person.customer_id for person in people]
    try:
        known = {row[0] for row in statements.run(sql.having(schema, ids), personal=True).rows}
        for statement in sql.erase(schema, ids):
            _ = statements.run(statement, personal=True).changed
    except Wrong as wrong:
        raise Refused(f"Snowflake did not accept the deletion of people ({wrong.code})") from None
    except Malformed:
        raise Retryable("Snowflake sent a response that its API does not promise") from None
    return [
        ErasureAnswer("deleted", _DELETED) if one in known else ErasureAnswer("absent")
        for one in ids
    ]
