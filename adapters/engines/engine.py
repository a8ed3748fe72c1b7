"""What answers the mapping query: DuckDB on one machine, Spark where the runtime ships it."""

from __future__ import annotations

import dataclasses
import importlib.util
from collections.abc import Iterator, Mapping
from typing import Protocol

import pyarrow as pa

from adapters.aws.objects import Objects
from tessera.contracts.table import Table
from tessera.errors import InvalidInput

ROWS_PER_BATCH = 10_000


@dataclasses.dataclass(frozen=True)
class Source:
    """A table as Parquet objects of a bucket; without any, the table is empty."""

    contract: Table
    objects: Objects
    keys: tuple[str, ...]


class Engine(Protocol):
    """Runs a query over tables, with memory that does not grow with them."""

    def batches(self, sql: str, *, tables: Mapping[str, Source]) -> Iterator[pa.RecordBatch]:
        """Yield the query's rows in its order; timestamps are in UTC, money is decimal."""
        ...


def choose(name: str = "auto") -> Engine:
    """Return an engine: ``duckdb``, ``spark``, or ``auto`` for Spark where it is installed."""
    if name == "auto":
        name = "spark" if importlib.util.find_spec("pyspark") else "duckdb"
    if name == "spark":
        from adapters.engines.spark.query import SparkEngine  # noqa: PLC0415 (one of them is missing)

        return SparkEngine()
    if name == "duckdb":
        from adapters.engines.duckdb.query import DuckDBEngine  # noqa: PLC0415

        return DuckDBEngine()
    raise InvalidInput(f"engine {name!r}: expected auto, duckdb or spark")
