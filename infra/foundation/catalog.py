"""The Glue catalog: what Athena and other tools see of the profiles."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_glue as glue
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lakeformation as lakeformation
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.kit.grants import allow
from tessera import naming
from tessera.contracts import catalog
from tessera.contracts.table import Column, Table
from tessera.contracts.tables import LATEST_RUNS


class GlueCatalog(Construct):
    """A database with the catalogued tables. FinishRun adds partitions of runs and uploads.

    Parameters
    ----------
    scope, id_
        Its place.
    name
        The database's.
    bucket
        Where the tables' files are.
    is_registered
        Whether Lake Formation knows the tables' places. Who adds a partition then needs its right
        to the place as well.
    """

    def __init__(
        self, scope: Construct, id_: str, *, name: str, bucket: s3.IBucket, is_registered: bool
    ) -> None:
        super().__init__(scope, id_)
        self.database_name = name
        self._bucket, self._is_registered = bucket, is_registered
        location = bucket.s3_url_for_object(naming.TENANTS)
        database = glue.CfnDatabase(
            self,
            "Database",
            catalog_id=Stack.of(self).account,
            database_input=glue.CfnDatabase.DatabaseInputProperty(
                name=name, description="Customer segments: pseudonymous, one row a customer and run"
            ),
        )
        for table in catalog.TABLES:
            made = self._table(table, location=location)
            made.add_resource_dependency(database)
        latest = self._latest_runs(bucket.s3_url_for_object(naming.LATEST_RUNS))
        latest.add_resource_dependency(database)

    def _table(self, table: Table, *, location: str) -> glue.CfnTable:
        # Each partition brings its own location. The table's only has to exist.
        storage = glue.CfnTable.StorageDescriptorProperty(
            columns=[_column(column) for column in catalog.data_columns(table)],
            location=location,
            input_format=catalog.INPUT_FORMAT,
            output_format=catalog.OUTPUT_FORMAT,
            serde_info=glue.CfnTable.SerdeInfoProperty(serialization_library=catalog.SERDE),
        )
        return glue.CfnTable(
            self,
            table.name.title(),
            catalog_id=Stack.of(self).account,
            database_name=self.database_name,
            table_input=glue.CfnTable.TableInputProperty(
                name=table.name,
                description=table.meaning,
                table_type="EXTERNAL_TABLE",
                parameters={"classification": catalog.CLASSIFICATION, "EXTERNAL": "TRUE"},
                partition_keys=[_column(column) for column in catalog.partition_columns(table)],
                storage_descriptor=storage,
            ),
        )

    def _latest_runs(self, location: str) -> glue.CfnTable:
        storage = glue.CfnTable.StorageDescriptorProperty(
            columns=[_column(column) for column in LATEST_RUNS.columns],
            location=location,
            input_format=catalog.LINES_FORMAT,
            output_format=catalog.LINES_OUTPUT_FORMAT,
            serde_info=glue.CfnTable.SerdeInfoProperty(
                serialization_library=catalog.LINES_SERDE,
                parameters={"field.delim": catalog.LINES_DELIMITER},
            ),
        )
        return glue.CfnTable(
            self,
            "LatestRuns",
            catalog_id=Stack.of(self).account,
            database_name=self.database_name,
            table_input=glue.CfnTable.TableInputProperty(
                name=LATEST_RUNS.name,
                description=LATEST_RUNS.meaning,
                table_type="EXTERNAL_TABLE",
                parameters={"classification": "csv", "EXTERNAL": "TRUE"},
                storage_descriptor=storage,
            ),
        )

    def allow_partitions(self, role: iam.Role) -> None:
        """Let a role list, add, change and remove partitions of the tables."""
        changes = [f"glue:Batch{verb}Partition" for verb in ("Create", "Delete", "Update")]
        allow(role, [*changes, "glue:GetPartitions", "glue:GetTable"], *self.arns)
        if not self._is_registered:
            return
        place = lakeformation.CfnPrincipalPermissions.DataLocationResourceProperty(
            catalog_id=Stack.of(self).account, resource_arn=registered_place(self._bucket)
        )
        lakeformation.CfnPrincipalPermissions(
            role,
            "Partitions",
            permissions=["DATA_LOCATION_ACCESS"],
            permissions_with_grant_option=[],
            principal=lakeformation.CfnPrincipalPermissions.DataLakePrincipalProperty(
                data_lake_principal_identifier=role.role_arn
            ),
            resource=lakeformation.CfnPrincipalPermissions.ResourceProperty(data_location=place),
        )

    @property
    def arns(self) -> tuple[str, ...]:
        """The catalog, the database and its tables: the three that a call on a partition needs."""
        return catalog_arns(self, self.database_name)


def registered_place(bucket: s3.IBucket) -> str:
    """Return the ARN by which Lake Formation knows where the runs' tables are."""
    return bucket.arn_for_objects(naming.TENANTS.removesuffix("/"))


def catalog_arns(scope: Construct, database: str) -> tuple[str, ...]:
    """Return the ARNs that a call on a partition of a database's tables needs."""
    stack = Stack.of(scope)
    tables = [
        stack.format_arn(service="glue", resource="table", resource_name=f"{database}/{table.name}")
        for table in (*catalog.TABLES, LATEST_RUNS)
    ]
    return (
        stack.format_arn(service="glue", resource="catalog"),
        stack.format_arn(service="glue", resource="database", resource_name=database),
        *tables,
    )


def _column(column: Column) -> glue.CfnTable.ColumnProperty:
    return glue.CfnTable.ColumnProperty(name=column.name, type=column.type, comment=column.meaning)
