"""Rows of people who were erased: they leave the upload before anything of it is counted."""

from __future__ import annotations

import pyarrow as pa

from adapters.engines.duckdb.outputs import KEYS_OF_PERSONS, marks_of
from adapters.engines.duckdb.session import Connection, scalar
from tessera.events.erased import ErasedPeople
from tessera.events.pseudonym import erased_blocks, hmac_blocks

_IS_ERASED = "customer_id IN (SELECT customer_id FROM erased_persons)"
_VIEWS = ("accepted_rows", "voiding_rows")


def remove_erased(connection: Connection, erased: ErasedPeople) -> int:
    """Remove erased people from accepted, voiding, rejected and people's rows.

    A rejected row counts as erased where its id could be read. Call it once the rows are judged.

    Returns
    -------
    int
        How many accepted and rejected rows there were of them.
    """
    if not erased or not _find(connection, erased):
        return 0
    accepted = f"SELECT count(*) FROM accepted_rows WHERE {_IS_ERASED}"  # noqa: S608
    removed = int(scalar(connection, accepted))
    for view in _VIEWS:
        connection.execute(f"ALTER VIEW {view} RENAME TO every_{view}")
        connection.execute(
            f"CREATE VIEW {view} AS SELECT * FROM every_{view} WHERE NOT {_IS_ERASED}"  # noqa: S608
        )
    connection.execute(f"DELETE FROM people_rows WHERE {_IS_ERASED}")  # noqa: S608
    return removed + _remove_rejected(connection)


def _find(connection: Connection, erased: ErasedPeople) -> bool:
    """Make ``erased_persons``. Return whether the upload has any.

    The blocks go as parameters: no statement's text, and so no message, holds them.
    """
    key = hmac_blocks(erased.secret, tenant=erased.tenant)
    mark = erased_blocks(erased.secret, tenant=erased.tenant)
    connection.execute(
        f"CREATE TEMP TABLE keys_to_mark AS {KEYS_OF_PERSONS}",
        {"inner": key.inner, "outer": key.outer},
    )
    connection.register("given_marks", pa.table({"mark": pa.array(sorted(erased.marks))}))
    connection.execute(
        f"""CREATE TABLE erased_persons AS SELECT customer_id FROM keys_to_mark
        WHERE {marks_of("customer_key")} IN (SELECT mark FROM given_marks)""",  # noqa: S608
        {"inner": mark.inner, "outer": mark.outer},
    )
    connection.unregister("given_marks")
    connection.execute("DROP TABLE keys_to_mark")
    return scalar(connection, "SELECT 1 FROM erased_persons LIMIT 1") is not None


def _remove_rejected(connection: Connection) -> int:
    """Remove erased people's rows from ``rejected_rows``. Return how many there were."""
    rows = f"""SELECT part, record FROM judged_odd WHERE {_IS_ERASED}
        UNION SELECT part, record FROM marked WHERE {_IS_ERASED}"""  # noqa: S608
    before = int(scalar(connection, "SELECT count(*) FROM rejected_rows"))
    connection.execute(f"DELETE FROM rejected_rows WHERE (part, record) IN ({rows})")  # noqa: S608
    return before - int(scalar(connection, "SELECT count(*) FROM rejected_rows"))
