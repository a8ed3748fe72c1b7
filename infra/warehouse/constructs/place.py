"""The namespace and the workgroup, and exactly what Redshift may read and write."""

from __future__ import annotations

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_redshiftserverless as serverless
from constructs import Construct

from infra.foundation.foundation import Foundation
from infra.kit.grants import READ, WRITE, allow, allow_key, allow_objects
from infra.kit.nag import acknowledge
from infra.warehouse.settings import WarehouseSettings
from tessera import naming
from tessera.contracts import catalog
from tessera.warehouse.redshift.statements import LoadedTable

DATABASE = _ADMIN = "tessera"
_LONGEST_QUERY_SECONDS = "3600"
_PARAMETERS = {
    "enable_case_sensitive_identifier": "true",  # the names inside events keep their case
    "require_ssl": "true",
    "max_query_execution_time": _LONGEST_QUERY_SECONDS,
}
_CATALOG = (
    "glue:GetDatabase", "glue:GetDatabases", "glue:GetPartition", "glue:GetPartitions",
    "glue:GetTable", "glue:GetTables",
)  # fmt: skip
_STREAM = (
    "kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords",
    "kinesis:GetShardIterator", "kinesis:ListShards",
)  # fmt: skip


class WarehousePlace(Construct):
    """Sleeps while nobody asks. Its admin's password is made and kept by Redshift.

    Parameters
    ----------
    stream
        The event stream's name. Empty without one.
    """

    def __init__(
        self, scope: Construct, id_: str, *, name: str, settings: WarehouseSettings, stream: str,
        foundation: Foundation,
    ) -> None:  # fmt: skip
        super().__init__(scope, id_)
        self.role = role = self._role(settings, stream=stream, foundation=foundation)
        namespace = serverless.CfnNamespace(
            self,
            "Namespace",
            namespace_name=name,
            db_name=DATABASE,
            admin_username=_ADMIN,
            manage_admin_password=True,
            admin_password_secret_kms_key_id=foundation.identities_key.key_arn,
            kms_key_id=foundation.identities_key.key_arn,
            iam_roles=[role.role_arn],
            default_iam_role_arn=role.role_arn,
            log_exports=["connectionlog", "userlog", "useractivitylog"],
        )
        self.workgroup = serverless.CfnWorkgroup(
            self,
            "Workgroup",
            workgroup_name=name,
            namespace_name=name,
            base_capacity=settings.base_rpu,
            max_capacity=settings.most_rpu,
            publicly_accessible=False,
            enhanced_vpc_routing=True,
            subnet_ids=list(settings.subnet_ids),
            security_group_ids=list(settings.security_group_ids),
            config_parameters=[
                serverless.CfnWorkgroup.ConfigParameterProperty(
                    parameter_key=key, parameter_value=value
                )
                for key, value in _PARAMETERS.items()
            ],
        )
        self.workgroup.node.add_dependency(namespace)

    @property
    def arn(self) -> str:
        """The workgroup's ARN."""
        return self.workgroup.attr_workgroup_workgroup_arn

    def _role(
        self, settings: WarehouseSettings, *, stream: str, foundation: Foundation
    ) -> iam.Role:
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.CompositePrincipal(
                iam.ServicePrincipal("redshift.amazonaws.com"),
                iam.ServicePrincipal("redshift-serverless.amazonaws.com"),
            ),
        )
        bucket = foundation.bucket
        tables = [f"tenants/*/{table.name}/*" for table in catalog.TABLES]
        folders = [f"{naming.UPLOADS}*/{LoadedTable.parse(one).folder}/" for one in settings.loads]
        manifests = [f"{naming.warehouse_prefix('*')}*"] if folders else []
        read = [*tables, f"{naming.LATEST_RUNS}*", *(f"{one}*" for one in folders), *manifests]
        allow_objects(role, bucket, READ, *read)
        allow(role, ["s3:GetBucketLocation"], bucket.bucket_arn)
        if settings.orders:
            back = f"{naming.UPLOADS}*/{naming.WAREHOUSE_ORDERS}/*"
            allow_objects(role, bucket, WRITE, back)
        allow(role, _CATALOG, *foundation.catalog.arns)
        if stream:
            allow(role, _STREAM, stream_arn(self, stream))
            allow(role, ["kinesis:ListStreams"], "*")
            acknowledge(
                role,
                {r"AwsSolutions-IAM5\[Resource::\*\]": "No resource: kinesis:ListStreams."},
            )
        allow_key(role, foundation.data_key)
        return role


def stream_arn(scope: Construct, name: str) -> str:
    """Return the ARN of a stream by its name, which another stack makes."""
    return str(
        Stack.of(scope).format_arn(
            service="kinesis",
            resource="stream",
            resource_name=name,
            arn_format=ArnFormat.SLASH_RESOURCE_NAME,
        )
    )
