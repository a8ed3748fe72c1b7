"""From accepted rows to the tables that a run leaves: identities, events, customers, features."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from adapters.engines.duckdb.session import Connection, parquet, scalar
from adapters.engines.prepare import check_customers
from adapters.tables.parquet import write_batches
from tessera.contracts.table import Table
from tessera.contracts.tables import IDENTITIES, ORDER_IDS, VOIDED_ORDERS
from tessera.customers.orders.order_lines import voided_orders
from tessera.events.identities import with_keys
from tessera.events.pseudonym import ID_DIGITS, MARK_DIGITS, VARIANTS, Blocks

_BATCH = 40_960  # rows that Arrow has beside the engine, copied once or twice


# The same layout as tessera.events.pseudonym gives it, in the engine: all threads share the work.
_HMAC = "sha256($outer || unhex(sha256($inner || encode({column}))))"
KEYS_OF_PERSONS = f"""
SELECT customer_id, concat(
    substring(h, 1, 8), '-', substring(h, 9, 4), '-8', substring(h, 14, 3), '-',
    substring('{VARIANTS * 4}', instr('0123456789abcdef', substring(h, 17, 1)), 1),
    substring(h, 18, 3), '-', substring(h, 21, 12)
) AS customer_key
FROM (
    SELECT customer_id, {_HMAC.format(column="customer_id")} AS h
    FROM persons
)"""  # noqa: S608 (our own names)


def make_keys(connection: Connection, blocks: Blocks) -> None:
    """Make ``customer_keys``: each customer_id's pseudonym, computed once, and its place.

    Rows are sorted by the place in a fifth less time than by the key's 36 characters.

    The blocks go as parameters: no statement's text, and so no message, holds them.
    """
    query = f"""CREATE TABLE customer_keys AS
        SELECT *, row_number() OVER (ORDER BY customer_key)::INTEGER AS place
        FROM ({KEYS_OF_PERSONS})"""  # noqa: S608
    connection.execute(query, {"inner": blocks.inner, "outer": blocks.outer})


def marks_of(column: str) -> str:
    """Return SQL for the mark of an erased customer's key, with its blocks as parameters."""
    return f"substring({_HMAC.format(column=column)}, 1, {MARK_DIGITS})"


def make_id_keys(connection: Connection, column: str, blocks: Blocks) -> int:
    """Make ``order_id_keys`` or ``event_id_keys``: each id's key, computed once.

    Returns
    -------
    int
        How many ids there are.
    """
    connection.execute(
        f"""CREATE TABLE {column}_keys AS
        SELECT id, {_id_key("id")} AS key
        FROM (SELECT DISTINCT {column} AS id FROM accepted_rows WHERE {column} IS NOT NULL)""",  # noqa: S608
        {"inner": blocks.inner, "outer": blocks.outer},
    )
    return int(scalar(connection, f"SELECT count(*) FROM {column}_keys"))  # noqa: S608


def _id_key(column: str) -> str:
    """Return SQL for the key of an order's or event's id, with its blocks as parameters."""
    return f"substring({_HMAC.format(column=column)}, 1, {ID_DIGITS})"


def write_query(connection: Connection, query: str, path: Path, contract: Table) -> None:
    """Write a query's rows as a contract has them, in batches."""
    write_batches(path, read_query(connection, query), contract)


def read_query(connection: Connection, query: str) -> pa.RecordBatchReader:
    """Return a query's rows in batches."""
    return connection.cursor().sql(query).to_arrow_reader(_BATCH)


def read_by_customer(
    connection: Connection, query: str, *, then_by: str = ""
) -> Iterator[pa.Table]:
    """Yield a query's rows by customer, with keys as everybody outside this run knows them.

    ``names`` are numbers in the order of these keys, and a number is sorted faster.

    Parameters
    ----------
    then_by
        What a customer's rows are sorted by, where there are several.
    """
    order = f"customer_key, {then_by}" if then_by else "customer_key"
    for batch in read_query(connection, f"{query} ORDER BY {order}"):
        yield in_keys(connection, pa.Table.from_batches([batch]))


def in_keys(connection: Connection, rows: pa.Table) -> pa.Table:
    """Return rows in the order of customers' numbers, with their keys in the place of these.

    A join would hold all customers, or all rows.

    Raises
    ------
    AssertionError
        A number between the first and the last is nobody's.
    """
    numbers = rows.column("customer_key")
    if not len(numbers):
        return rows.set_column(0, "customer_key", numbers.cast(pa.string()))
    first, last = numbers[0].as_py(), numbers[-1].as_py()
    query = f"SELECT customer_key FROM names WHERE name BETWEEN {first} AND {last} ORDER BY name"  # noqa: S608
    keys = connection.sql(query).to_arrow_table().column("customer_key")
    if len(keys) != last - first + 1:
        raise AssertionError(f"{len(keys)} customers have the numbers from {first} to {last}")
    return rows.set_column(0, "customer_key", keys.take(pc.subtract(numbers, first)))


def write_voided(connection: Connection, path: Path, *, events: Path, blocks: Blocks) -> int:
    """Write the orders that the upload voids, as VOIDED_ORDERS. Return how many: 0 without a file.

    Parameters
    ----------
    events
        Where the upload's events were written.
    blocks
        Those of order ids.
    """
    rows = f"""(SELECT customer_key, {_id_key("order_id")} AS order_id, occurred_at
        FROM voiding_rows JOIN customer_keys USING (customer_id))"""  # noqa: S608 (our own names)
    query = voided_orders(rows, events=parquet([events]))
    connection.execute(
        f"CREATE OR REPLACE TABLE voided_orders AS {query}",
        {"inner": blocks.inner, "outer": blocks.outer},
    )
    count = int(scalar(connection, "SELECT count(*) FROM voided_orders"))
    if count:
        ordered = "SELECT * FROM voided_orders ORDER BY ALL"
        write_query(connection, ordered, path, VOIDED_ORDERS)
    return count


def write_order_ids(connection: Connection, path: Path, *, ids: Sequence[str]) -> Path:
    """Write which order or event each key stands for, as ORDER_IDS."""
    rows = " UNION ALL ".join(
        f"SELECT '{column}' AS kind, key, id FROM {column}_keys"  # noqa: S608 (our own names)
        for column in ids
    )
    query = f"SELECT * FROM ({rows}) ORDER BY kind, id"  # noqa: S608 (our own names)
    write_query(connection, query, path, ORDER_IDS)
    return path


def write_identities(connection: Connection, path: Path) -> Path:
    """Write who the customers are, one row a customer and address, as IDENTITIES.

    Raises
    ------
    AssertionError
        A customer of the accepted rows is missing.
    """
    _check_nobody_is_missing(connection)
    names = ", ".join(IDENTITIES.names)
    ordered = (
        f"SELECT {names} FROM ({with_keys('people_rows', keys='customer_keys')}) "  # noqa: S608
        "ORDER BY customer_key, channel_type, address"
    )
    write_query(connection, ordered, path, IDENTITIES)
    connection.execute("DROP TABLE people_rows")
    return path


def _check_nobody_is_missing(connection: Connection) -> None:
    identified = int(scalar(connection, "SELECT count(DISTINCT customer_id) FROM people_rows"))
    # Keys are made for rejected rows too: only where there are some, the events must be asked.
    if identified != int(scalar(connection, "SELECT count(*) FROM customer_keys")):
        counted = "SELECT count(DISTINCT place) FROM own_events"
        check_customers(with_events=int(scalar(connection, counted)), identified=identified)
