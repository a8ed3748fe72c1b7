"""Identities as rows of the search index, a batch after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa

from adapters.tables.parquet import arrow_schema
from tessera.contracts.tables import SEARCH_INDEX
from tessera.events.search import MARK_BYTES, SearchMarks, digits_of

SEARCHED = ("customer_key", "customer_id", "address")  # the columns of identities that it needs
_MARK = np.dtype(f">i{MARK_BYTES}")


def index_rows(batches: Iterable[pa.RecordBatch], *, tenant: str) -> Iterator[pa.RecordBatch]:
    """Yield SEARCH_INDEX for batches of identities, in any order. A row may come twice."""
    marks = SearchMarks(tenant)
    for batch in batches:
        keys, ids, addresses = (batch.column(name) for name in SEARCHED)
        texts = addresses.to_pylist()
        reached = [row for row, text in enumerate(texts) if text is not None]
        numbers = {row: digits for row in reached if (digits := digits_of(texts[row]))}
        yield _rows(keys, marks.of_ids(ids.to_pylist()), range(len(batch)))
        yield _rows(keys, marks.of_addresses(texts[row] for row in reached), reached)
        yield _rows(keys, marks.of_numbers(numbers.values()), [*numbers])


def _rows(keys: pa.Array, marks: bytes, rows: Sequence[int]) -> pa.RecordBatch:
    """Return the marks with the keys of their rows."""
    made = np.frombuffer(marks, _MARK).astype(np.int64)
    taken = keys.take(pa.array(np.array(rows, np.int32)))
    return pa.RecordBatch.from_arrays([pa.array(made), taken], schema=arrow_schema(SEARCH_INDEX))
