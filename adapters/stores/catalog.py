"""The Glue catalog: what a run or an upload wrote becomes partitions that Athena can query."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from adapters.aws import clients
from adapters.aws.errors import error_for, translated
from tessera.contracts import catalog
from tessera.contracts.table import Column, Table

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_glue.type_defs import (
        BatchUpdatePartitionRequestEntryTypeDef,
        ColumnTypeDef,
        PartitionInputTypeDef,
        StorageDescriptorTypeDef,
    )

Values = tuple[str, ...]  # of a partition's columns, in order
_Item = TypeVar("_Item")
_EXISTS, _GONE = "AlreadyExistsException", "EntityNotFoundException"
_WRITTEN_AT_ONCE, _REMOVED_AT_ONCE = 100, 25  # Glue's limits


class Catalog:
    """The tables of one catalog database.

    Parameters
    ----------
    database
        The database's name.
    client
        A Glue client. By default one for the environment's credentials and region.
    """

    def __init__(self, database: str, *, client: GlueClient | None = None) -> None:
        self.database = database
        self._glue = client or clients.glue()

    def add_partition(self, table: Table, *, values: Sequence[str], location: str) -> None:
        """Make a folder of Parquet files a partition. One that is there already is updated.

        Parameters
        ----------
        table
            A catalogued table.
        values
            One value for each of its partition columns, in order.
        location
            The folder, as ``s3://bucket/prefix/``.

        Raises
        ------
        InvalidInput
            The catalog lacks the table or the database.
        Refused, Retryable
            Glue denied access, or was busy.
        """
        self.add_partitions(table, {tuple(values): location})

    def add_partitions(self, table: Table, locations: Mapping[Values, str]) -> None:
        """Make folders of Parquet files partitions, as ``add_partition`` does with one."""
        for some in _batches(locations.items(), _WRITTEN_AT_ONCE):
            partitions = {values: _partition(table, values, folder) for values, folder in some}
            with self._call(table) as where:
                made = self._glue.batch_create_partition(
                    **where, PartitionInputList=list(partitions.values())
                )
                there = self._failed(table, made.get("Errors", []), but=_EXISTS)
                if there:
                    entries: list[BatchUpdatePartitionRequestEntryTypeDef] = [
                        {"PartitionValueList": list(one), "PartitionInput": partitions[one]}
                        for one in there
                    ]
                    updated = self._glue.batch_update_partition(**where, Entries=entries)
                    self._failed(table, updated.get("Errors", []))

    def remove_partitions(self, table: Table, values: Iterable[Values]) -> None:
        """Remove partitions, and none of their files. What is not there is no error."""
        for some in _batches(values, _REMOVED_AT_ONCE):
            with self._call(table) as where:
                removed = self._glue.batch_delete_partition(
                    **where, PartitionsToDelete=[{"Values": list(one)} for one in some]
                )
                self._failed(table, removed.get("Errors", []), but=_GONE)

    def partitions(self, table: Table, *, tenant: str) -> dict[Values, str]:
        """Return the location of each of a tenant's partitions by its values."""
        with self._call(table) as where:
            pages = self._glue.get_paginator("get_partitions").paginate(
                **where, Expression=f"tenant = '{tenant}'", ExcludeColumnSchema=True
            )
            return {
                tuple(one["Values"]): one["StorageDescriptor"]["Location"]
                for page in pages
                for one in page["Partitions"]
            }

    @contextlib.contextmanager
    def _call(self, table: Table) -> Iterator[dict[str, Any]]:
        """Give the place of a call about a table's partitions, and translate its errors."""
        with translated("Glue", what=self._what(table), missing=self._missing(table)):
            yield {"DatabaseName": self.database, "TableName": table.name}

    def _failed(
        self, table: Table, errors: Sequence[Mapping[str, Any]], *, but: str = ""
    ) -> list[Values]:
        """Return the partitions with one kind of error. Raise any other."""
        for error in errors:
            if _code(error) != but:
                raise error_for(
                    _code(error),
                    service="Glue",
                    what=self._what(table),
                    missing=self._missing(table),
                )
        return [tuple(error["PartitionValues"]) for error in errors]

    def _what(self, table: Table) -> str:
        return f"a partition of {self.database}.{table.name}"

    def _missing(self, table: Table) -> str:
        where = f"{self.database}.{table.name}"
        return f"the catalog has no table {where}: deploy the data stack again"


def _batches(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    left = iter(items)
    while some := list(itertools.islice(left, size)):
        yield some


def _partition(table: Table, values: Values, location: str) -> PartitionInputTypeDef:
    return {"Values": list(values), "StorageDescriptor": storage(table, location)}


def storage(table: Table, location: str) -> StorageDescriptorTypeDef:
    """Return the StorageDescriptor of a table's folder of Parquet files."""
    return {
        "Columns": [_glue_column(column) for column in catalog.data_columns(table)],
        "Location": location,
        "InputFormat": catalog.INPUT_FORMAT,
        "OutputFormat": catalog.OUTPUT_FORMAT,
        "SerdeInfo": {"SerializationLibrary": catalog.SERDE},
    }


def _glue_column(column: Column) -> ColumnTypeDef:
    return {"Name": column.name, "Type": column.type, "Comment": column.meaning}


def _code(error: Mapping[str, Any]) -> str:
    return str(error.get("ErrorDetail", {}).get("ErrorCode", ""))
