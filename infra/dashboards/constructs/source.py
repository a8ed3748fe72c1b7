"""Where the dashboards get their rows: Athena, by a separate role."""

from __future__ import annotations

from aws_cdk import CfnResource, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.foundation.foundation import Foundation
from infra.kit.grants import READ, WRITE, allow, allow_key, allow_objects
from infra.kit.nag import acknowledge
from infra.kit.trust import trusted
from tessera.contracts.tables import CATALOGUED
from tessera.naming import LATEST_RUNS, QUERY_RESULTS, tenant_prefix

_QUERY = (
    "athena:GetQueryExecution", "athena:GetQueryResults", "athena:GetQueryResultsStream",
    "athena:GetWorkGroup", "athena:StartQueryExecution", "athena:StopQueryExecution",
)  # fmt: skip
_CATALOG = ("glue:GetDatabase", "glue:GetPartition", "glue:GetPartitions", "glue:GetTable")


class DashboardSource(Construct):
    """A data source, and the role that reads one tenant's tables for it.

    Parameters
    ----------
    workgroup
        Athena's, which encrypts results and bounds what a query scans.
    """

    def __init__(
        self, scope: Construct, id_: str, *, name: str, tenant: str, workgroup: str,
        foundation: Foundation,
    ) -> None:  # fmt: skip
        super().__init__(scope, id_)
        stack = Stack.of(self)
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=trusted("quicksight"),
        )
        bucket = foundation.bucket
        tables = [f"{tenant_prefix(tenant)}{table.name}/*" for table in CATALOGUED]
        # Athena lists the folder of latest runs, which has a line for each tenant.
        allow_objects(self.role, bucket, READ, *tables, f"{LATEST_RUNS}*")
        allow_objects(self.role, bucket, (*READ, *WRITE), f"{QUERY_RESULTS}*")
        allow(self.role, ["s3:GetBucketLocation"], bucket.bucket_arn)
        allow(
            self.role,
            _QUERY,
            stack.format_arn(service="athena", resource="workgroup", resource_name=workgroup),
        )
        allow(self.role, ["athena:ListWorkGroups"], "*")
        acknowledge(
            self.role,
            {r"AwsSolutions-IAM5\[Resource::\*\]": "No resource: athena:ListWorkGroups."},
        )
        allow(self.role, _CATALOG, *foundation.catalog.arns)
        allow_key(self.role, foundation.data_key)
        athena = {"WorkGroup": workgroup, "RoleArn": self.role.role_arn}
        # The CDK's module of Quick Sight is 17 MB of source: to load it for two kinds takes long.
        self.source = CfnResource(
            self,
            "Source",
            type="AWS::QuickSight::DataSource",
            properties={
                "AwsAccountId": stack.account,
                "DataSourceId": name,
                "Name": name,
                "Type": "ATHENA",
                "DataSourceParameters": {"AthenaParameters": athena},
                "SslProperties": {"DisableSsl": False},
            },
        )
        self.source.node.add_dependency(self.role)

    @property
    def arn(self) -> str:
        """The data source's ARN."""
        return self.source.get_att("Arn").to_string()
