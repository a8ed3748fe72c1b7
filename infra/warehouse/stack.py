"""The warehouse: Redshift Serverless over the catalog and the stream, and the views for Athena."""

from __future__ import annotations

from typing import Any

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.destinations import redshift
from infra.foundation.foundation import Foundation
from infra.foundation.functions import FunctionMaker
from infra.kit import assets
from infra.warehouse.constructs.place import WarehousePlace
from infra.warehouse.constructs.sql import WarehouseSql
from infra.warehouse.constructs.views import AthenaViews
from infra.warehouse.constructs.watch import WarehouseWatch
from infra.warehouse.settings import WarehousesSettings
from tessera import naming


class WarehouseStack(Stack):
    """The clock → RunWarehouseSql → Redshift, which reads the runs where they are.

    Parameters
    ----------
    settings, foundation
        Of the stage.
    has_stream
        Whether the stage has an event stream, which another stack makes.
    is_destination
        Whether runs are sent to a Redshift, which may be this one.
    """

    def __init__(
        self, scope: Construct, id_: str, *, settings: WarehousesSettings, foundation: Foundation,
        has_stream: bool, is_destination: bool, **stack: Any,
    ) -> None:  # fmt: skip
        super().__init__(scope, id_, **stack)
        warehouse = settings.warehouse
        if warehouse.athena_views:
            views = AthenaViews(self, "Views", database=foundation.catalog.database_name)
            CfnOutput(self, "ViewsPolicyArn", value=views.policy.managed_policy_arn)
        if warehouse.enabled:
            place = self._make_warehouse(settings, foundation, has_stream=has_stream)
            if is_destination:
                redshift.grant_copy(place.role, foundation=foundation)
                CfnOutput(self, "CopyRoleArn", value=place.role.role_arn)

    def _make_warehouse(
        self, settings: WarehousesSettings, foundation: Foundation, *, has_stream: bool
    ) -> WarehousePlace:
        name = naming.warehouse(settings.stage)
        stream = naming.event_stream(settings.stage) if has_stream else ""
        place = WarehousePlace(
            self,
            "Place",
            name=name,
            settings=settings.warehouse,
            stream=stream,
            foundation=foundation,
        )
        built = assets.lambda_code()
        maker = FunctionMaker(
            stage=settings,
            foundation=foundation,
            code=lambda_.Code.from_asset(str(built.path), asset_hash=built.digest),
        )
        sql = WarehouseSql(
            self, "Sql", maker=maker, place=place, settings=settings.warehouse, stream=stream
        )
        WarehouseWatch(self, "WarehouseWatch", sql=sql, workgroup=name, topic=foundation.topic)
        CfnOutput(self, "Workgroup", value=name)
        CfnOutput(self, "RunWarehouseSqlFunction", value=sql.function.arn)
        return place
