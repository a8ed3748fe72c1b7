"""The datasets, the dashboard that readers see, and the analysis that authors change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import CfnResource, Stack
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
        made = {one.name: self._dataset(one, name=name) for one in DATASETS}
        arns = {dataset: one.get_att("Arn").to_string() for dataset, one in made.items()}
        self._made("Dashboard", arns, id_=name, to=settings.reader_group, actions=_READ)
        if settings.author_group:
            self._made("Analysis", arns, id_=name, to=settings.author_group, actions=_AUTHOR)

    def _dataset(self, data: Dataset, *, name: str) -> CfnResource:
        rows = query(data.view, named=lambda table: f'"{self._database}"."{table}"')
        chosen = data.where(self._settings.tenant)
        sql = {
            "DataSourceArn": self._source_arn,
            "Name": data.name,
            "SqlQuery": f"SELECT * FROM (\n{rows}\n) AS chosen WHERE {chosen}",  # noqa: S608 (our names)
            "Columns": [{"Name": one.name, "Type": data_type(one)} for one in data.view.columns],
        }
        properties: dict[str, Any] = {
            "AwsAccountId": self._account,
            "DataSetId": f"{name}-{data.name.replace('_', '-')}",
            "Name": data.name,
            "ImportMode": "DIRECT_QUERY",
            "PhysicalTableMap": {data.name.replace("_", "-"): {"CustomSql": sql}},
        }
        authors = self._settings.author_group
        if authors:
            properties["Permissions"] = [{"Principal": authors, "Actions": [*_READ_DATA]}]
        return _quick_sight(self, "DataSet", properties, id_=data.name.title().replace("_", ""))

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
        _quick_sight(self, kind, properties, id_=kind)


def _quick_sight(
    scope: Construct, kind: str, properties: dict[str, Any], *, id_: str
) -> CfnResource:
    """Make a resource in the API's own words: the CDK's types would only spell them again."""
    return CfnResource(scope, id_, type=f"AWS::QuickSight::{kind}", properties=properties)
