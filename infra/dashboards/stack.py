"""Dashboards: Quick Sight asks Athena, Athena reads the runs' tables."""

from __future__ import annotations

from typing import Any

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from infra.dashboards.constructs.sheets import DashboardSheets
from infra.dashboards.constructs.source import DashboardSource
from infra.dashboards.settings import DashboardsSettings
from infra.foundation.foundation import Foundation


class DashboardsStack(Stack):
    """The data source → the datasets → the dashboard."""

    def __init__(
        self, scope: Construct, id_: str, *, settings: DashboardsSettings, foundation: Foundation,
        **stack: Any,
    ) -> None:  # fmt: skip
        super().__init__(scope, id_, **stack)
        name = f"tessera-{settings.stage}"  # of the analysts' workgroup too
        dashboards = settings.dashboards
        source = DashboardSource(
            self,
            "Athena",
            name=name,
            tenant=dashboards.tenant,
            workgroup=name,
            foundation=foundation,
        )
        DashboardSheets(
            self,
            "Sheets",
            name=name,
            settings=dashboards,
            source_arn=source.arn,
            database=foundation.catalog.database_name,
        )
        CfnOutput(self, "DashboardId", value=name)
