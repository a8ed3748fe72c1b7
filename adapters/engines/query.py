"""The port of the mapping query: tables in, batches of rows out."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

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


class OpenTables(Protocol):
    """Tables that several queries read, one after the other."""

    def keep(self, name: str, query: str) -> None:
        """Give a query's rows a name, and compute them once."""
        ...

    def view(self, name: str, query: str) -> None:
        """Give a query's rows a name, and compute them whenever they are read."""
        ...

    def row(self, query: str) -> tuple[Any, ...]:
        """Return the one row that a query gives."""
        ...

    def batches(self, query: str) -> Iterator[pa.RecordBatch]:
        """Yield a query's rows in its order."""
        ...


class Engine(Protocol):
    """Runs queries over tables, with memory that does not grow with them."""

    def opened(self, tables: Mapping[str, TableSource]) -> AbstractContextManager[OpenTables]:
        """Open tables for several queries. Names in double quotes are columns.

        Queries reach nothing but these tables: no other file, and no network.
        """
        ...

    def batches(self, sql: str, *, tables: Mapping[str, TableSource]) -> Iterator[pa.RecordBatch]:
        """Yield the query's rows in its order. Timestamps are in UTC, money is decimal."""
        ...
