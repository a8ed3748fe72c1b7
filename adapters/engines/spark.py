"""The mapping query on Spark: each executor reads its objects itself, the driver gets the rows."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql.functions import expr
from pyspark.sql.types import TimestampType

from adapters.engines.engine import ROWS_PER_BATCH, Source
from adapters.objects import Objects
from adapters.parquet import arrow_schema
from tessera.contracts.table import Table

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SparkEngine:
    """Queries the tables in the session that there is, or a new one."""

    def rows(self, sql: str, *, tables: Mapping[str, Source]) -> Iterator[dict[str, Any]]:
        """Yield the query's rows in its order, one sorted partition after the other."""
        session = SparkSession.builder.getOrCreate()
        session.conf.set("spark.sql.session.timeZone", "UTC")
        for name, source in tables.items():
            _frame(session, source).createOrReplaceTempView(name)
        result = session.sql(sql)
        instants = [
            field.name for field in result.schema if isinstance(field.dataType, TimestampType)
        ]
        # A Row's timestamps are naive and local; microseconds mean the same everywhere.
        for name in instants:
            result = result.withColumn(name, expr(f"unix_micros({name})"))
        for row in result.toLocalIterator(prefetchPartitions=True):
            yield _values(row, instants=instants)


def _frame(session: SparkSession, source: Source) -> DataFrame:
    schema = ", ".join(f"{column.name} {column.type}" for column in source.contract.columns)
    if not source.keys:
        return session.createDataFrame([], schema)
    keys = session.sparkContext.parallelize([(key,) for key in source.keys], len(source.keys))
    return session.createDataFrame(keys, "key string").mapInArrow(
        _Reader(bucket=source.objects.bucket, contract=source.contract), schema
    )


class _Reader:
    """Travels to the executors; there it reads the objects whose keys it is given."""

    def __init__(self, *, bucket: str, contract: Table) -> None:
        self._bucket = bucket
        self._contract = contract

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the rows of the objects."""
        objects = Objects(self._bucket)
        schema = arrow_schema(self._contract)
        for batch in batches:
            for key in batch.column(0).to_pylist():
                file = pq.ParquetFile(io.BytesIO(objects.read(key)))
                names = list(self._contract.names)
                for rows in file.iter_batches(batch_size=ROWS_PER_BATCH, columns=names):
                    yield from pa.Table.from_batches([rows]).select(names).cast(schema).to_batches()


def _values(row: Row, *, instants: Iterable[str]) -> dict[str, Any]:
    values: dict[str, Any] = row.asDict()
    for name in instants:
        if values[name] is not None:
            values[name] = _EPOCH + timedelta(microseconds=values[name])
    return values
