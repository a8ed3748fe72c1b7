"""The mapping query on Spark: each executor reads its objects itself, the driver gets the rows."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession

from adapters.aws.objects import Objects
from adapters.engines.query import ROWS_PER_BATCH, TableSource
from adapters.engines.spark.tables import read_tables, sql_schema
from adapters.tables.parquet import completed

# Names in double quotes are columns, as in DuckDB. It takes ANSI's rules, which are the default.
_ANSI = {"spark.sql.ansi.enabled": "true", "spark.sql.ansi.doubleQuotedIdentifiers": "true"}


class SparkEngine:
    """Queries the tables in the session that there is, or a new one."""

    @contextlib.contextmanager
    def opened(self, tables: Mapping[str, TableSource]) -> Iterator[SparkTables]:
        """Open tables for several queries. Executors read them, a row group at a time."""
        session = SparkSession.builder.getOrCreate()
        with _configured(session, {**_ANSI, "spark.sql.session.timeZone": "UTC"}):
            for name, source in tables.items():
                frame = read_tables(session, source.objects, source.keys, source.read_as)
                frame.createOrReplaceTempView(name)
            open_tables = SparkTables(session)
            try:
                yield open_tables
            finally:
                open_tables.release()

    def batches(self, sql: str, *, tables: Mapping[str, TableSource]) -> Iterator[pa.RecordBatch]:
        """Yield the query's rows in its order, one sorted partition after the other."""
        session = SparkSession.builder.getOrCreate()
        session.conf.set("spark.sql.session.timeZone", "UTC")
        for name, source in tables.items():
            _frame(session, source).createOrReplaceTempView(name)
        yield from _batches(session.sql(sql))


class SparkTables:
    """Tables in a session, for several queries."""

    def __init__(self, session: SparkSession) -> None:
        self._session = session
        self._kept: list[DataFrame] = []

    def keep(self, name: str, query: str) -> None:
        """Give a query's rows a name, and compute them once."""
        frame = self._session.sql(query).persist()
        self._kept.append(frame)
        frame.createOrReplaceTempView(name)

    def view(self, name: str, query: str) -> None:
        """Give a query's rows a name, and compute them whenever they are read."""
        self._session.sql(query).createOrReplaceTempView(name)

    def row(self, query: str) -> tuple[Any, ...]:
        """Return the one row that a query gives."""
        [row] = self._session.sql(query).collect()
        return tuple(row)

    def batches(self, query: str) -> Iterator[pa.RecordBatch]:
        """Yield a query's rows in its order."""
        yield from _batches(self._session.sql(query))

    def release(self) -> None:
        """Forget what was kept."""
        for frame in self._kept:
            frame.unpersist()


@contextlib.contextmanager
def _configured(session: SparkSession, settings: Mapping[str, str]) -> Iterator[None]:
    before = {name: session.conf.get(name) for name in settings}
    for name, value in settings.items():
        session.conf.set(name, value)
    try:
        yield
    finally:
        for name, earlier in before.items():
            session.conf.set(name, str(earlier))


def _batches(frame: DataFrame) -> Iterator[pa.RecordBatch]:
    """Yield the rows as Arrow's own bytes: the driver would otherwise take them apart by value."""
    packed = frame.mapInArrow(_packed, "batch binary")
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
    schema = sql_schema(source.read_as)
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
