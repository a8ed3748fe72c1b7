"""The search index of an upload's customers, made from their identities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from adapters.engines.duckdb.outputs import write_query
from adapters.engines.duckdb.session import Connection, only_row, parquet
from adapters.engines.prepare import check_index
from adapters.tables.parquet import write_batches
from adapters.tables.search_index import SEARCHED, index_rows
from tessera.contracts.tables import SEARCH_INDEX

_BATCH = 50_000


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
    unsorted = path.with_name(f"{path.stem}-unsorted.parquet")
    write_batches(unsorted, index_rows(_batches(people), tenant=tenant), SEARCH_INDEX)
    rows = parquet([unsorted])
    ordered = f"SELECT DISTINCT * FROM {rows} ORDER BY mark, customer_key"  # noqa: S608
    write_query(connection, ordered, path, SEARCH_INDEX)
    unsorted.unlink()
    identified, _ = _counts(connection, people)
    indexed, entries = _counts(connection, [path])
    check_index(identified=identified, indexed=indexed)
    return entries


def _batches(people: Sequence[Path]) -> Iterator[pa.RecordBatch]:
    for file in people:
        yield from pq.ParquetFile(file).iter_batches(_BATCH, columns=list(SEARCHED))


def _counts(connection: Connection, files: Sequence[Path]) -> tuple[int, int]:
    """Return how many customers some files have, and how many rows."""
    query = f"SELECT count(DISTINCT customer_key), count(*) FROM {parquet([*files])}"  # noqa: S608
    customers, rows = only_row(connection, query)
    return int(customers), int(rows)
