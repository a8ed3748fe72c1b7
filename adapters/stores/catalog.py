"""The Glue catalog: a run's profiles become a partition that Athena can query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from adapters.aws import clients
from adapters.aws.errors import error_for, translated
from tessera.contracts import catalog
from tessera.contracts.table import Column, Table

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_glue.type_defs import (
        BatchUpdatePartitionFailureEntryTypeDef,
        ColumnTypeDef,
        PartitionErrorTypeDef,
        PartitionInputTypeDef,
        StorageDescriptorTypeDef,
    )

_EXISTS = "AlreadyExistsException"


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
        partition: PartitionInputTypeDef = {
            "Values": list(values),
            "StorageDescriptor": storage(table, location),
        }
        where: dict[str, Any] = {"DatabaseName": self.database, "TableName": table.name}
        what = f"a partition of {self.database}.{table.name}"
        missing = self._missing(table)
        with translated("Glue", what=what, missing=missing):
            made = self._glue.batch_create_partition(**where, PartitionInputList=[partition])
            codes = [_code(error) for error in made.get("Errors", [])]
            if _EXISTS in codes:
                updated = self._glue.batch_update_partition(
                    **where,
                    Entries=[{"PartitionValueList": list(values), "PartitionInput": partition}],
                )
                codes = [_code(error) for error in updated.get("Errors", [])]
        if codes:
            raise error_for(codes[0], service="Glue", what=what, missing=missing)

    def _missing(self, table: Table) -> str:
        where = f"{self.database}.{table.name}"
        return f"the catalog has no table {where}: deploy the data stack again"


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


def _code(error: PartitionErrorTypeDef | BatchUpdatePartitionFailureEntryTypeDef) -> str:
    return str(error.get("ErrorDetail", {}).get("ErrorCode", ""))
