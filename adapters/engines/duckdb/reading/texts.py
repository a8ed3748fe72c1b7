"""Tables of what the product's functions read: distinct texts, each once, and any rows."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from adapters.engines.duckdb.session import Connection

_BATCH = 10_000


def map_texts(
    connection: Connection,
    table: str,
    distinct: str,
    schema: pa.Schema,
    read: Callable[[Sequence[Any]], tuple[Any, ...]],
) -> None:
    """Make a table of what some texts mean.

    Parameters
    ----------
    distinct
        The query for the texts.
    schema
        Of the table: the texts, then what ``read`` adds to them.
    """
    reader = connection.cursor().sql(distinct).to_arrow_reader(_BATCH)
    texts = (row for batch in reader for row in zip(*map(pa.Array.to_pylist, batch), strict=True))
    create_table(connection, table, schema, map(read, texts))


def create_table(
    connection: Connection, table: str, schema: pa.Schema, rows: Iterable[Sequence[object]]
) -> None:
    """Make a table of rows, some at a time."""
    made = pa.RecordBatchReader.from_batches(schema, _batches(schema, rows))
    connection.register("made", made)
    connection.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM made")  # noqa: S608
    connection.unregister("made")


def _batches(schema: pa.Schema, rows: Iterable[Sequence[object]]) -> Iterator[pa.RecordBatch]:
    remaining = iter(rows)
    while some := list(itertools.islice(remaining, _BATCH)):
        columns = zip(*some, strict=True)
        arrays = [pa.array(column, f.type) for column, f in zip(columns, schema, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)
