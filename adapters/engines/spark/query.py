"""The mapping query on Spark: each executor reads its objects itself, the driver gets the rows."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession

from adapters.aws.objects import Objects
from adapters.engines.query import ROWS_PER_BATCH, TableSource
from adapters.tables.parquet import completed


class SparkEngine:
    """Queries the tables in the session that there is, or a new one."""

    def batches(self, sql: str, *, tables: Mapping[str, TableSource]) -> Iterator[pa.RecordBatch]:
        """Yield the query's rows in its order, one sorted partition after the other."""
        session = SparkSession.builder.getOrCreate()
        session.conf.set("spark.sql.session.timeZone", "UTC")
        for name, source in tables.items():
            _frame(session, source).createOrReplaceTempView(name)
        # As Arrow's own bytes: the driver would otherwise take rows apart value by value.
        packed = session.sql(sql).mapInArrow(_packed, "batch binary")
        for row in packed.toLocalIterator(prefetchPartitions=True):
            yield from pa.ipc.open_stream(row["batch"])


def _packed(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield each batch as one value, which travels to the executors."""
    for batch in batches:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema) as stream:
            stream.write_batch(batch)
        yield pa.RecordBatch.from_pydict({"batch": [sink.getvalue().to_pybytes()]})


def _frame(session: SparkSession, source: TableSource) -> DataFrame:
    schema = ", ".join(f"{column.name} {column.type}" for column in source.read_as.columns)
    if not source.keys:
        return session.createDataFrame([], schema)
    keys = session.sparkContext.parallelize([(key,) for key in source.keys], len(source.keys))
    return session.createDataFrame(keys, "key string").mapInArrow(_Reader(source), schema)


class _Reader:
    """Travels to the executors. There it reads the objects whose keys it is given."""

    def __init__(self, source: TableSource) -> None:
        self._bucket = source.objects.bucket
        self._contract = source.contract
        self._derived = source.derived

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the rows of the objects."""
        objects = Objects.shared(self._bucket)
        for batch in batches:
            for key in batch.column(0).to_pylist():
                file = pq.ParquetFile(io.BytesIO(objects.read(key)))
                names = list(self._contract.names)
                for rows in file.iter_batches(batch_size=ROWS_PER_BATCH, columns=names):
                    whole = completed(rows, self._contract).to_batches()
                    yield from map(self._derived.of, whole) if self._derived else whole
