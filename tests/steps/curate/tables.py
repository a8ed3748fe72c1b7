"""Change files in embedded buckets, and what is curated of them."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import boto3
import pyarrow as pa
import pyarrow.parquet as pq
from moto import mock_aws

from adapters.aws.objects import Objects
from adapters.engines.duckdb.query import DuckDBEngine
from adapters.engines.query import Engine
from adapters.stores.upload_folder import UploadFolder
from steps.curate.curate import curate
from steps.curate.source import CuratedSource
from tessera.records.curated import CurateRecord
from tessera.sources import changes


@contextmanager
def buckets() -> Iterator[tuple[Objects, Objects]]:
    """The data bucket and the identities bucket, in a separate AWS."""
    with mock_aws():
        client = boto3.client("s3")
        for name in ("data", "identities"):
            client.create_bucket(Bucket=name)
        yield Objects("data"), Objects("identities")


class ChangeTable:
    """A table's change files."""

    def __init__(self, identities: Objects, prefix: str) -> None:
        self._identities, self._prefix = identities, prefix
        self._sequence = 0

    def load(self, rows: Sequence[Mapping[str, object]], *, second: int = 0, number: int = 1):
        """Add a full load."""
        self.write(f"LOAD{number:08X}.parquet", [("I", row) for row in rows], second=second)

    def change(self, *rows: tuple[str, Mapping[str, object]], second: int, name: str = "") -> None:
        """Add a file of changes, each with its own sequence."""
        self.write(name or f"20261128-{second:09d}.parquet", rows, second=second, sequenced=True)

    def write(
        self,
        name: str,
        rows: Sequence[tuple[str, Mapping[str, object]]],
        *,
        second: int,
        sequenced: bool = False,
    ) -> None:
        """Write a file of operations and rows."""
        made = []
        for operation, row in rows:
            self._sequence += sequenced
            made.append({
                changes.OPERATION: operation,
                **row,
                changes.COMMITTED_AT: f"2026-11-05 00:00:{second:02d}.000000",
                changes.SEQUENCE: f"{self._sequence:019d}" if sequenced else None,
            })  # fmt: skip
        table = pa.Table.from_pylist(made)
        place = table.schema.get_field_index(changes.SEQUENCE)
        text = pa.field(changes.SEQUENCE, pa.string())
        table = table.cast(table.schema.set(place, text))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            pq.write_table(table, path)
            self._identities.upload(path, self._prefix + name)


def curated(
    source: CuratedSource,
    data: Objects,
    identities: Objects,
    *,
    engine: Engine | None = None,
    rows_per_part: int = 1_000,
    now: dt.datetime | None = None,
) -> CurateRecord:
    """Curate a source once."""
    with tempfile.TemporaryDirectory() as folder:
        return curate(
            source,
            identities=identities,
            uploads=UploadFolder(data, tenant=source.tenant, name=source.name),
            engine=engine or DuckDBEngine(),
            folder=Path(folder),
            rows_per_part=rows_per_part,
            now=now,
        )


def uploaded(source: CuratedSource, data: Objects) -> list[dict[str, str | None]]:
    """Return the rows of the upload, in the order of its parts."""
    prefix = f"uploads/{source.tenant}/{source.name}/"
    rows: list[dict[str, str | None]] = []
    for key in data.keys(prefix):
        if key.endswith(".parquet"):
            rows += pq.read_table(pa.BufferReader(data.read(key))).to_pylist()
    return rows
