"""What a table is: named columns with a type, a unit and a meaning."""

from __future__ import annotations

import dataclasses
from typing import Literal

Type = Literal[
    "string", "int", "bigint", "double", "decimal(18,4)", "decimal(18,2)", "timestamp", "date"
]


@dataclasses.dataclass(frozen=True)
class Column:
    """One column.

    Parameters
    ----------
    name, type
        As in the Parquet file and the catalog. Timestamps are UTC, in microseconds.
    meaning
        A sentence for docs/data-contract.md, with the unit where there is one.
    nullable
        Whether a row may lack it.
    """

    name: str
    type: Type
    meaning: str
    nullable: bool = False


@dataclasses.dataclass(frozen=True)
class Table:
    """A named list of columns.

    Parameters
    ----------
    name, meaning, columns
        What it is.
    key
        The columns that identify a row.
    rows_per_group
        Of a Parquet file's row groups, which readers skip or read whole. Few rows make lookups by
        key fast, and files larger.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows_per_group: int = 122_880

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(column.name for column in self.columns)
