"""What was last written of each customer's state, so that only changes are written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from adapters.aws.objects import Objects
from tessera import naming

_FILE = "digests.parquet"


def read_digests(data: Objects, *, tenant: str, folder: Path) -> dict[str, int]:
    """Return each customer's digest. None are there before the first time."""
    key = naming.labels_prefix(tenant) + _FILE
    if not data.exists(key):
        return {}
    table = pq.read_table(data.download(key, folder / "before" / _FILE))
    keys, digests = (column.to_pylist() for column in table.columns)
    return dict(zip(keys, digests, strict=True))


def write_digests(digests: Mapping[str, int], data: Objects, *, tenant: str, folder: Path) -> None:
    """Write each customer's digest."""
    table = pa.table(
        {
            "customer_key": pa.array(digests.keys(), pa.string()),
            "digest": pa.array(digests.values(), pa.int64()),
        }
    )
    path = folder / _FILE
    pq.write_table(table, path, compression="zstd", store_schema=False)
    data.upload(path, naming.labels_prefix(tenant) + _FILE)
