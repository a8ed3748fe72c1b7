"""Rows of a curation's queries, counted as they pass."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from tessera.sources.changes import DELETE
from tessera.sources.tables import curated


class KeptRows:
    """The rows of a query that count, without the mark that says so."""

    def __init__(self, batches: Iterator[pa.RecordBatch]) -> None:
        self._batches = batches
        self.rows = 0
        self.no_numbers = 0

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        """Yield them."""
        for batch in self._batches:
            self.rows += batch.num_rows
            marks = batch.column(batch.schema.get_field_index(curated.KEPT))
            kept = batch.filter(pc.equal(marks, 1))
            unread = kept.column(kept.schema.get_field_index(curated.NO_NUMBERS))
            self.no_numbers += pc.sum(unread).as_py() or 0
            yield kept.drop_columns([*curated.MARKS])


class SnapshotRows:
    """The rows of a snapshot, which are counted as they pass."""

    def __init__(self, batches: Iterator[pa.RecordBatch]) -> None:
        self._batches = batches
        self.rows = 0
        self.deleted = 0

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        """Yield them."""
        for batch in self._batches:
            deleted = pc.sum(pc.equal(batch.column(0), DELETE)).as_py() or 0
            self.deleted += deleted
            self.rows += batch.num_rows - deleted
            yield batch
