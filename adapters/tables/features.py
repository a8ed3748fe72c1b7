"""FEATURES as K-Means takes them."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from adapters.tables.columns import integers, unscaled
from adapters.tables.parquet import iter_batches, parquet_files
from tessera.contracts.tables import FEATURES
from tessera.customers.clusters.rows import BuyerRows


def read_features(folder: Path) -> BuyerRows:
    """Read the table in a folder, block after block, in the order of its files."""
    rows = BuyerRows.empty(sum(pq.read_metadata(file).num_rows for file in parquet_files(folder)))
    start = 0
    for batch in iter_batches(folder, columns=FEATURES.names):
        table = pa.Table.from_batches([batch])
        start = rows.fill(
            start,
            recency_days=integers(table.column("recency_days")),
            frequency=integers(table.column("frequency")),
            monetary=unscaled(table.column("monetary")),
            customers=integers(table.column("customers")),
        )
    return rows
