"""The port of the mapping query: tables in, batches of rows out."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

import pyarrow as pa

from adapters.aws.objects import Objects
from tessera.contracts.table import Table

ROWS_PER_BATCH = 10_000


@dataclasses.dataclass(frozen=True)
class Derived:
    """A table made of another one's rows while they are read.

    Parameters
    ----------
    contract
        Its columns.
    of
        Returns its rows for some rows of the other table. Spark pickles it.
    """

    contract: Table
    of: Callable[[pa.RecordBatch], pa.RecordBatch]


@dataclasses.dataclass(frozen=True)
class TableSource:
    """A table as Parquet objects of a bucket. Without any, the table is empty.

    Parameters
    ----------
    contract
        What the objects hold.
    objects, keys
        Where they are.
    derived
        What the query reads in their place. None for the objects as they are.
    """

    contract: Table
    objects: Objects
    keys: tuple[str, ...]
    derived: Derived | None = None

    @property
    def read_as(self) -> Table:
        """The table that the query reads."""
        return self.derived.contract if self.derived else self.contract


class Engine(Protocol):
    """Runs a query over tables, with memory that does not grow with them."""

    def batches(self, sql: str, *, tables: Mapping[str, TableSource]) -> Iterator[pa.RecordBatch]:
        """Yield the query's rows in its order. Timestamps are in UTC, money is decimal."""
        ...
