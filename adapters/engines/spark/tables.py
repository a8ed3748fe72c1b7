"""Parquet tables in a bucket, read and written by executors without a file system between."""

from __future__ import annotations

import dataclasses
import math
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark import TaskContext
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import col

from adapters.aws.object_file import ObjectFile
from adapters.aws.objects import Objects
from adapters.engines.spark.session import guarded
from adapters.stores.digests import sha256_of
from adapters.tables.parquet import completed, write_batches
from tessera.contracts.table import Table

ROWS_PER_FILE = 4_000_000
_ROWS_PER_TASK = 2_000_000
_ROWS_PER_BATCH = 20_000
_AT_ONCE = 16
_WRITTEN = "key string, rows bigint, bytes bigint, sha256 string"
_GROUPS = "key string, bytes bigint, first int, last int"


@dataclasses.dataclass(frozen=True)
class Written:
    """A file that was written."""

    key: str
    rows: int
    bytes: int
    sha256: str


def read_tables(
    session: SparkSession,
    objects: Objects,
    keys: Sequence[str],
    contract: Table,
    *,
    columns: Sequence[str] = (),
) -> DataFrame:
    """Return the rows of Parquet objects. Executors read their row groups as they need them.

    Parameters
    ----------
    columns
        The columns to return. By default all.
    """
    chosen = [each for each in contract.columns if not columns or each.name in columns]
    contract = dataclasses.replace(contract, columns=tuple(chosen))
    schema = sql_schema(contract)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        groups = [row for rows in pool.map(lambda key: _groups(objects, key), keys) for row in rows]
    if not groups:
        return session.createDataFrame([], schema)
    tasks = session.sparkContext.parallelize(groups, len(groups))
    reader = _RowGroupReader(bucket=objects.bucket, contract=contract)
    return session.createDataFrame(tasks, _GROUPS).mapInArrow(reader, schema)


def sql_schema(contract: Table) -> str:
    """Return a table's columns as Spark's DDL."""
    return ", ".join(f"{_quoted(column.name)} {column.type}" for column in contract.columns)


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def column_names(objects: Objects, keys: Sequence[str]) -> list[str]:
    """Return the columns of Parquet objects that one version wrote, as the first one has them."""
    if not keys:
        return []
    size = int(objects.head(keys[0])["ContentLength"])
    return list(pq.read_schema(ObjectFile(objects, keys[0], size=size)).names)


def _groups(objects: Objects, key: str) -> list[tuple[str, int, int, int]]:
    size = int(objects.head(key)["ContentLength"])
    metadata = pq.read_metadata(ObjectFile(objects, key, size=size))
    tasks, first, rows = [], 0, 0
    for group in range(metadata.num_row_groups):
        rows += metadata.row_group(group).num_rows
        if rows >= _ROWS_PER_TASK or group == metadata.num_row_groups - 1:
            tasks.append((key, size, first, group + 1))
            first, rows = group + 1, 0
    return tasks


@dataclasses.dataclass(frozen=True, kw_only=True)
class _RowGroupReader:
    """Travels to the executors. There it reads the row groups that it is given."""

    bucket: str
    contract: Table

    @guarded
    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the rows."""
        objects, names = Objects.shared(self.bucket), self.contract.names
        for batch in batches:
            for one in batch.to_pylist():
                file = pq.ParquetFile(ObjectFile(objects, one["key"], size=one["bytes"]))
                groups = list(range(one["first"], one["last"]))
                has = [name for name in names if name in file.schema_arrow.names]
                for rows in file.iter_batches(_ROWS_PER_BATCH, row_groups=groups, columns=has):
                    yield from completed(rows, self.contract).to_batches()


def write_tables(
    frame: DataFrame,
    *,
    to: Objects,
    prefix: str,
    contract: Table,
    by: Sequence[str],
    rows: int,
    descending: Collection[str] = (),
    digits: int = 0,
) -> list[Written]:
    """Write a frame as Parquet files, sorted within and between them.

    Parameters
    ----------
    prefix
        Where the files go. They are called ``part-0.parquet`` and so on.
    by
        The columns to sort by, the absent last.
    rows
        How many there are. Few make one file, which has the same bytes from any engine.
    descending
        Those of ``by`` whose largest values come first.
    digits
        At least so many in a file's number.
    """
    order = [
        col(name).desc_nulls_last() if name in descending else col(name).asc_nulls_last()
        for name in by
    ]
    count = max(1, math.ceil(rows / ROWS_PER_FILE))
    writer = _Writer(
        bucket=to.bucket,
        prefix=prefix,
        contract=contract,
        digits=max(digits, len(str(count - 1))),
    )
    if not rows:
        with tempfile.TemporaryDirectory() as folder:
            return [writer.upload(write_batches(Path(folder) / "none", [], contract), 0, 0)]
    chosen = frame.select(*contract.names)
    divided = chosen.repartitionByRange(count, *order) if count > 1 else chosen.repartition(1)
    done = divided.sortWithinPartitions(*order).mapInArrow(writer, _WRITTEN).collect()
    files = sorted((Written(**row.asDict()) for row in done), key=lambda each: each.key)
    if sum(each.rows for each in files) != rows:
        raise AssertionError(f"{rows} rows of {contract.name} became {files}")
    return files


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Writer:
    """Travels to the executors. There it writes one partition as one object."""

    bucket: str
    prefix: str
    contract: Table
    digits: int

    @guarded
    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield what was written."""
        context, counted = TaskContext.get(), _Counted(batches)
        with tempfile.TemporaryDirectory() as folder:
            path = write_batches(Path(folder) / "part.parquet", counted, self.contract)
            if counted.rows:
                done = self.upload(path, context.partitionId() if context else 0, counted.rows)
                yield pa.RecordBatch.from_pylist([dataclasses.asdict(done)])

    def upload(self, path: Path, number: int, rows: int) -> Written:
        """Store a file."""
        key = f"{self.prefix}part-{number:0{self.digits}d}.parquet"
        Objects.shared(self.bucket).upload(path, key)
        return Written(key, rows, path.stat().st_size, sha256_of(path))


class _Counted:
    """Batches that are counted as they pass."""

    def __init__(self, batches: Iterable[pa.RecordBatch]) -> None:
        self._batches = batches
        self.rows = 0

    def __iter__(self) -> Iterator[Any]:
        for batch in self._batches:
            self.rows += len(batch)
            yield batch
