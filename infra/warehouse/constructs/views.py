"""The views for Athena, in the catalog, and the policy to read them."""

from __future__ import annotations

import base64
import json

from aws_cdk import Stack
from aws_cdk import aws_glue as glue
from aws_cdk import aws_iam as iam
from constructs import Construct

from tessera.contracts.table import Table
from tessera.warehouse.queries import query
from tessera.warehouse.views import VIEWS

# What Athena calls a type that the catalog spells otherwise.
_TYPES = {"string": "varchar", "int": "integer", "timestamp": "timestamp(3)"}


class AthenaViews(Construct):
    """A view in the catalog for each view of the star schema.

    Parameters
    ----------
    database
        The catalog's database.
    """

    def __init__(self, scope: Construct, id_: str, *, database: str) -> None:
        super().__init__(scope, id_)
        stack = Stack.of(self)
        for view in VIEWS:
            glue.CfnTable(
                self,
                view.name.title().replace("_", ""),
                catalog_id=stack.account,
                database_name=database,
                table_input=_table_input(view, database=database),
            )
        self.policy = iam.ManagedPolicy(
            self,
            "Policy",
            description="Reads the definitions of the views. The analysts' policy reads their rows",
            statements=[
                iam.PolicyStatement(
                    actions=["glue:GetTable"],
                    resources=[
                        stack.format_arn(
                            service="glue", resource="table",
                            resource_name=f"{database}/{view_name(view)}",
                        )
                        for view in VIEWS
                    ],
                )
            ],
        )  # fmt: skip


def view_name(view: Table) -> str:
    """Return what a view is called in the catalog, beside the tables of the runs."""
    return f"v_{view.name}"


def _table_input(view: Table, *, database: str) -> glue.CfnTable.TableInputProperty:
    text = query(view, named=lambda name: f'"{database}"."{name}"')
    document = {
        "originalSql": text,
        "catalog": "awsdatacatalog",
        "schema": database,
        "columns": [
            {"name": one.name, "type": _TYPES.get(one.type, one.type)} for one in view.columns
        ],
    }
    encoded = base64.b64encode(json.dumps(document).encode()).decode()
    return glue.CfnTable.TableInputProperty(
        name=view_name(view),
        description=view.meaning,
        table_type="VIRTUAL_VIEW",
        parameters={"presto_view": "true", "comment": "Presto View"},
        partition_keys=[],
        storage_descriptor=glue.CfnTable.StorageDescriptorProperty(
            columns=[
                glue.CfnTable.ColumnProperty(name=one.name, type=one.type, comment=one.meaning)
                for one in view.columns
            ],
            location="",
            serde_info=glue.CfnTable.SerdeInfoProperty(),
        ),
        view_original_text=f"/* Presto View: {encoded} */",
        view_expanded_text="/* Presto View */",
    )
