"""Reading catalogued Parquet back, as an analyst's notebook does. Not for Lambdas: needs pandas."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING

import awswrangler as wr

from tessera.contracts import catalog
from tessera.contracts.table import Table
from tessera.errors import InvalidInput

if TYPE_CHECKING:
    import pandas as pd


def read_partition(database: str, table: Table, *, where: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows of a table's partitions whose keys have the given values.

    Parameters
    ----------
    database
        The catalog database.
    table
        A catalogued table.
    where
        Partition column to value, such as ``{"tenant": "default", "run": "0f…"}``.

    Returns
    -------
    pandas.DataFrame
        The table's columns, in the contract's order, in the order of the files.

    Raises
    ------
    InvalidInput
        ``where`` names no partition column, or no partition has these values.
    """
    keys = [column.name for column in catalog.partition_columns(table)]
    unknown = sorted(set(where) - set(keys))
    if unknown:
        raise InvalidInput(f"{unknown[0]!r} is no partition column of {table.name!r}: use {keys}")
    partitions = wr.catalog.get_partitions(database=database, table=table.name)
    folders = [
        location
        for location, values in partitions.items()
        if all(dict(zip(keys, values, strict=True))[key] == value for key, value in where.items())
    ]
    if not folders:
        raise InvalidInput(f"{database}.{table.name} has no partition with {dict(where)}")
    files = [file for folder in sorted(folders) for file in wr.s3.list_objects(folder)]
    with warnings.catch_warnings():
        # awswrangler looks at timestamps in a way that pandas means to change in its next major.
        warnings.filterwarnings("ignore", message="Series.values", category=DeprecationWarning)
        rows: pd.DataFrame = wr.s3.read_parquet(path=files, columns=list(table.names))
    return rows
