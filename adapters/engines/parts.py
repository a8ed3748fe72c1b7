"""Rows as Parquet parts of bounded size, whose bytes depend on the rows alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa

from adapters.tables.parquet import write_batches
from tessera.contracts.table import Table

ROWS_PER_PART = 1_000_000


class PartWriter:
    """Writes rows in their order, a million to a part.

    Parameters
    ----------
    folder
        Where the parts are written.
    contract
        Their columns.
    rows_per_part
        The most rows of a part.
    metadata
        What each part says about itself.
    """

    def __init__(
        self,
        folder: Path,
        *,
        contract: Table,
        rows_per_part: int = ROWS_PER_PART,
        metadata: Mapping[bytes, bytes] | None = None,
    ) -> None:
        self._folder = folder
        self._contract = contract
        self._limit = rows_per_part
        self._metadata = metadata
        self._waiting: pa.RecordBatch | None = None
        self.parts: dict[str, Path] = {}
        self.rows = 0

    def write(self, batches: Iterator[pa.RecordBatch]) -> None:
        """Write all batches."""
        while (first := self._following(batches)) is not None:
            name = f"part-{len(self.parts):05d}.parquet"
            part = self._of_one_part(first, batches)
            self.parts[name] = write_batches(
                self._folder / name, part, self._contract, metadata=self._metadata
            )

    def _of_one_part(
        self, first: pa.RecordBatch, batches: Iterator[pa.RecordBatch]
    ) -> Iterator[pa.RecordBatch]:
        """Yield what belongs to a part, beginning with a batch of it. The rest waits."""
        room = self._limit
        batch: pa.RecordBatch | None = first
        while batch is not None:
            taken = batch.slice(0, room)
            self.rows += taken.num_rows
            room -= taken.num_rows
            yield taken
            rest = batch.slice(taken.num_rows)
            if room == 0:
                self._waiting = rest if rest.num_rows else None
                return
            batch = self._following(batches)

    def _following(self, batches: Iterator[pa.RecordBatch]) -> pa.RecordBatch | None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            return waiting
        return next((batch for batch in batches if batch.num_rows), None)
