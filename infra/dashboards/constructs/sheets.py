"""The datasets, the dashboard that readers see, and the analysis that authors change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import CfnResource, Stack
from aws_cdk import aws_quicksight as quicksight
from constructs import Construct

from infra.dashboards.settings import DashboardSettings
from tessera.dashboards.quick_sight import data_type, definition
from tessera.dashboards.sheets import DATASETS
from tessera.dashboards.visuals import Dataset
from tessera.warehouse.queries import query

_TITLE = "Tessera"
_READ_DATA = (
    "quicksight:DescribeDataSet", "quicksight:DescribeDataSetPermissions",
    "quicksight:DescribeIngestion", "quicksight:ListIngestions", "quicksight:PassDataSet",
)  # fmt: skip
_READ = (
    "quicksight:DescribeDashboard", "quicksight:ListDashboardVersions",
    "quicksight:QueryDashboard",
)  # fmt: skip
_AUTHOR = (
    "quicksight:DeleteAnalysis", "quicksight:DescribeAnalysis",
    "quicksight:DescribeAnalysisPermissions", "quicksight:QueryAnalysis",
    "quicksight:RestoreAnalysis", "quicksight:UpdateAnalysis",
    "quicksight:UpdateAnalysisPermissions",
)  # fmt: skip


class DashboardSheets(Construct):
    """Direct queries: nothing is copied into Quick Sight, and nothing grows stale.

    Parameters
    ----------
    source_arn
        The data source's.
    database
        The catalog's.
    """

    def __init__(
        self, scope: Construct, id_: str, *, name: str, settings: DashboardSettings,
        source_arn: str, database: str,
    ) -> None:  # fmt: skip
        super().__init__(scope, id_)
        self._account = Stack.of(self).account
        self._source_arn, self._database, self._settings = source_arn, database, settings
        arns = {one.name: self._dataset(one, name=name).attr_arn for one in DATASETS}
        self._made("Dashboard", arns, id_=name, to=settings.reader_group, actions=_READ)
        if settings.author_group:
            self._made("Analysis", arns, id_=name, to=settings.author_group, actions=_AUTHOR)

    def _dataset(self, data: Dataset, *, name: str) -> quicksight.CfnDataSet:
        rows = query(data.view, named=lambda table: f'"{self._database}"."{table}"')
        chosen = data.where(self._settings.tenant)
        text = f"SELECT * FROM (\n{rows}\n) AS chosen WHERE {chosen}"  # noqa: S608 (our names)
        kinds = quicksight.CfnDataSet
        columns = [
            kinds.InputColumnProperty(name=one.name, type=data_type(one))
            for one in data.view.columns
        ]
        authors = self._settings.author_group
        return kinds(
            self,
            data.name.title().replace("_", ""),
            aws_account_id=self._account,
            data_set_id=f"{name}-{data.name.replace('_', '-')}",
            name=data.name,
            import_mode="DIRECT_QUERY",
            physical_table_map={
                data.name.replace("_", "-"): kinds.PhysicalTableProperty(
                    custom_sql=kinds.CustomSqlProperty(
                        data_source_arn=self._source_arn,
                        name=data.name,
                        sql_query=text,
                        columns=columns,
                    )
                )
            },
            permissions=(
                [kinds.ResourcePermissionProperty(principal=authors, actions=[*_READ_DATA])]
                if authors
                else None
            ),
        )

    def _made(
        self, kind: str, arns: dict[str, str], *, id_: str, to: str, actions: Sequence[str]
    ) -> None:
        properties: dict[str, Any] = {
            "AwsAccountId": self._account,
            f"{kind}Id": id_,
            "Name": _TITLE,
            "Definition": definition(arns),
            "Permissions": [{"Principal": to, "Actions": [*actions]}],
        }
        # The API's own words: the CDK's types of a definition would only spell them again.
        CfnResource(self, kind, type=f"AWS::QuickSight::{kind}", properties=properties)
