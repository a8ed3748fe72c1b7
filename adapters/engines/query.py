"""The port of the mapping query: tables in, batches of rows out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Protocol

import pyarrow as pa

from adapters.aws.objects import Objects
from tessera.contracts.table import Table

ROWS_PER_BATCH = 10_000


@dataclasses.dataclass(frozen=True)
class TableSource:
    """A table as Parquet objects of a bucket; without any, the table is empty."""

    contract: Table
    objects: Objects
    keys: tuple[str, ...]


class Engine(Protocol):
    """Runs a query over tables, with memory that does not grow with them."""

    def batches(self, sql: str, *, tables: Mapping[str, TableSource]) -> Iterator[pa.RecordBatch]:
        """Yield the query's rows in its order; timestamps are in UTC, money is decimal."""
        ...
