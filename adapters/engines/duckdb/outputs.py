"""From accepted rows to the tables that a run leaves: identities, events, customers, features."""

from __future__ import annotations

from pathlib import Path

from adapters.engines.duckdb.session import Connection, in_zone, scalar, text
from adapters.engines.prepare import check_customers
from adapters.tables.parquet import write_batches
from tessera.contracts.tables import IDENTITIES
from tessera.events.identities import identities
from tessera.events.pseudonym import VARIANTS, Blocks

_BATCH = 122_880


# The same layout as tessera.events.pseudonym gives it, in the engine: all threads share the work.
_KEYS = """
CREATE TABLE customer_keys AS
SELECT customer_id, concat(
    substring(h, 1, 8), '-', substring(h, 9, 4), '-8', substring(h, 14, 3), '-',
    substring('{variants}', instr('0123456789abcdef', substring(h, 17, 1)), 1),
    substring(h, 18, 3), '-', substring(h, 21, 12)
) AS customer_key
FROM (
    SELECT customer_id, sha256($outer || unhex(sha256($inner || encode(customer_id)))) AS h
    FROM (SELECT DISTINCT customer_id FROM accepted_rows)
)"""


def make_keys(connection: Connection, blocks: Blocks) -> None:
    """Make ``customer_keys``: each customer_id's pseudonym, computed once.

    The blocks go as parameters: no statement's text, and so no message, holds them.
    """
    query = _KEYS.format(variants=VARIANTS * 4)
    connection.execute(query, {"inner": blocks.inner, "outer": blocks.outer})


def write_events(connection: Connection, path: Path) -> Path:
    """Write the accepted rows as EVENTS, by customer: smaller, and faster to fold, than any way."""
    connection.execute(
        f"""COPY (
            SELECT customer_key, event::VARCHAR AS event, occurred_at, amount, order_id, event_id
            FROM accepted_rows JOIN customer_keys USING (customer_id) ORDER BY customer_key
        ) TO {text(str(path))} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"""  # noqa: S608
    )
    return path


def write_identities(connection: Connection, path: Path, *, people: str, time_zone: str) -> Path:
    """Write who the customers are, one row a customer and address, as IDENTITIES.

    Parameters
    ----------
    people, time_zone
        The query for them, and the session's time zone under it.

    Raises
    ------
    AssertionError
        A customer of the accepted rows is missing.
    """
    with in_zone(connection, time_zone):
        query = identities(people, keys="customer_keys")
        connection.execute(f"CREATE TABLE identities AS {query}")
    check_customers(
        with_events=int(scalar(connection, "SELECT count(*) FROM customer_keys")),
        identified=int(scalar(connection, "SELECT count(DISTINCT customer_key) FROM identities")),
    )
    ordered = "SELECT * FROM identities ORDER BY customer_key, channel_type, address"
    reader = connection.cursor().sql(ordered).to_arrow_reader(_BATCH)
    write_batches(path, reader, IDENTITIES)
    connection.execute("DROP TABLE identities")
    return path
