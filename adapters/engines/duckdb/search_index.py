"""The search index of an upload's customers, made from their identities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from adapters.engines.duckdb.outputs import write_query
from adapters.engines.duckdb.session import Connection, only_row, parquet
from adapters.engines.prepare import check_index
from adapters.tables.parquet import arrow_schema
from adapters.tables.search_index import SEARCHED, index_rows
from tessera.contracts.tables import SEARCH_INDEX
from tessera.events.search import MARK_BYTES, SIGNS, SearchMarks

_BATCH = 50_000
# Only of such an address does the engine's lower() say surely what the product's does.
_ASCII = "COALESCE(strlen(address) = length(address), true)"
_MARK = f"unhex(substring(sha256(${{kind}} || encode({{text}})), 1, {2 * MARK_BYTES}))::BIT::BIGINT"
_MARKS = f"""
SELECT {_MARK.format(kind="id", text="customer_id")} AS mark, customer_key FROM {{rows}}
UNION ALL
SELECT {_MARK.format(kind="address", text="lower(address)")}, customer_key FROM {{rows}}
WHERE address IS NOT NULL
UNION ALL
SELECT {_MARK.format(kind="number", text="digits")}, customer_key FROM (
    SELECT customer_key, translate(address, '{SIGNS}', '') AS digits FROM {{rows}}
    WHERE NOT contains(address, '@')
) AS numbers WHERE regexp_full_match(digits, '\\+?[0-9]+')"""  # noqa: S608 (our own names)


def write_search_index(
    connection: Connection, people: Sequence[Path], path: Path, *, tenant: str
) -> int:
    """Write the SEARCH_INDEX of some files of identities, sorted.

    Returns
    -------
    int
        How many entries it has.

    Raises
    ------
    AssertionError
        A customer is missing.
    """
    _make_marks(connection, people, tenant=tenant)
    ordered = "SELECT DISTINCT * FROM search_marks ORDER BY mark, customer_key"
    write_query(connection, ordered, path, SEARCH_INDEX)
    connection.execute("DROP TABLE search_marks")
    identified, _ = _counts(connection, people)
    indexed, entries = _counts(connection, [path])
    check_index(identified=identified, indexed=indexed)
    return entries


def _make_marks(connection: Connection, people: Sequence[Path], *, tenant: str) -> None:
    """Make ``search_marks``, in which a row may come twice: ``SearchMarks`` says what they are."""
    rows = parquet([*people])
    usual = f"(SELECT * FROM {rows} WHERE {_ASCII})"  # noqa: S608
    query = f"CREATE TABLE search_marks AS {_MARKS.format(rows=usual)}"
    connection.execute(query, SearchMarks(tenant).kinds)
    others = f"SELECT {', '.join(SEARCHED)} FROM {rows} WHERE NOT {_ASCII}"  # noqa: S608
    made = index_rows(_batches(connection, others), tenant=tenant)
    reader = pa.RecordBatchReader.from_batches(arrow_schema(SEARCH_INDEX), made)
    connection.register("made_marks", reader)
    connection.execute("INSERT INTO search_marks SELECT * FROM made_marks")
    connection.unregister("made_marks")


def _batches(connection: Connection, query: str) -> Iterator[pa.RecordBatch]:
    yield from connection.cursor().sql(query).to_arrow_reader(_BATCH)


def _counts(connection: Connection, files: Sequence[Path]) -> tuple[int, int]:
    """Return how many customers some files have, and how many rows."""
    query = f"SELECT count(DISTINCT customer_key), count(*) FROM {parquet([*files])}"  # noqa: S608
    customers, rows = only_row(connection, query)
    return int(customers), int(rows)
