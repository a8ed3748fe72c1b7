"""Distinct texts of a table, each read once by a function of the product."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from adapters.engines.duckdb.session import Connection

_BATCH = 50_000


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

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in reader:
            rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
            columns = list(zip(*(read(row) for row in rows), strict=True))
            if columns:
                arrays = [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
                yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    made = pa.RecordBatchReader.from_batches(schema, batches())
    connection.register("made", made)
    connection.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM made")  # noqa: S608
    connection.unregister("made")
