"""Stored events whose order and event ids are readable, rewritten with keys."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from adapters.tables.parquet import arrow_schema
from tessera.contracts.tables import ORDER_IDS

_ROWS = 122_880


@dataclasses.dataclass(frozen=True, kw_only=True)
class Converted:
    """A file of events that was rewritten.

    Parameters
    ----------
    events, order_ids
        The new file, and which order or event each key stands for. A key may stand there twice.
    count
        How many rows have an order_id.
    """

    events: Path
    order_ids: Path
    count: int


def convert(file: Path, *, folder: Path, key_of: Mapping[str, Callable[[str], str]]) -> Converted:
    """Rewrite a file of EVENTS into an empty folder, a batch of rows after the other.

    Parameters
    ----------
    file
        Has readable ids.
    key_of
        Makes the keys, by column.
    """
    folder.mkdir(parents=True)
    source = pq.ParquetFile(file)
    events, order_ids = folder / "events.parquet", folder / "order_ids.parquet"
    count = 0
    with (
        pq.ParquetWriter(events, source.schema_arrow, compression="zstd") as rows,
        pq.ParquetWriter(order_ids, arrow_schema(ORDER_IDS), compression="zstd") as names,
    ):
        for batch in source.iter_batches(batch_size=_ROWS):
            converted = batch
            count += len(batch) - batch.column("order_id").null_count
            for column, make_key in key_of.items():
                converted, ids = _keyed(converted, column, make_key)
                names.write_table(ids)
            rows.write_batch(converted)
    return Converted(events=events, order_ids=order_ids, count=count)


def _keyed(
    batch: pa.RecordBatch, column: str, make_key: Callable[[str], str]
) -> tuple[pa.RecordBatch, pa.Table]:
    """Return a batch with keys in a column, and its distinct ids with their keys."""
    place = batch.schema.get_field_index(column)
    encoded = pc.dictionary_encode(batch.column(place))
    ids = encoded.dictionary.to_pylist()
    keys = [make_key(each) for each in ids]
    taken = pa.array(keys, pa.string()).take(encoded.indices)
    table = pa.Table.from_pydict(
        {"kind": [column] * len(ids), "key": keys, "id": ids}, schema=arrow_schema(ORDER_IDS)
    )
    columns = [taken if at == place else each for at, each in enumerate(batch.columns)]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema), table
