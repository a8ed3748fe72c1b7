"""What analysts may read: profiles, transitions and the catalog, never an upload or an identity."""

from __future__ import annotations

from aws_cdk import Duration, Stack
from aws_cdk import aws_athena as athena
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.foundation.foundation import Foundation
from infra.kit.grants import READ, READ_VERSIONS, WRITE
from infra.kit.nag import acknowledge
from tessera.contracts import catalog
from tessera.naming import LATEST_RUNS, QUERY_RESULTS

_LATEST = f"{LATEST_RUNS}*"
TABLES = tuple(f"tenants/*/{table.name}/*" for table in catalog.TABLES)
_RESULT_DAYS = 30
MOST_BYTES_SCANNED = 100_000_000_000  # half a dollar a query at most
QUERY = (
    "athena:GetQueryExecution", "athena:GetQueryResults", "athena:GetWorkGroup",
    "athena:StartQueryExecution", "athena:StopQueryExecution",
)  # fmt: skip


class AnalystsPolicy(Construct):
    """A managed policy to attach to an analyst's role or group, and a workgroup of Athena for it.

    The workgroup encrypts results, keeps them for 30 days in the data bucket, and bounds what one
    query may scan.
    """

    def __init__(self, scope: Construct, id_: str, *, foundation: Foundation, name: str) -> None:
        super().__init__(scope, id_)
        bucket, identities = foundation.bucket, foundation.identities
        results = bucket.arn_for_objects(f"{QUERY_RESULTS}*")
        bucket.add_lifecycle_rule(
            id="queries", prefix=QUERY_RESULTS, expiration=Duration.days(_RESULT_DAYS)
        )
        allowed = {
            READ: [*(bucket.arn_for_objects(table) for table in (*TABLES, _LATEST)), results],
            WRITE: [results],
            ("kms:Decrypt", "kms:GenerateDataKey"): [foundation.data_key.key_arn],
            ("glue:GetDatabase", "glue:GetPartition", "glue:GetPartitions", "glue:GetTable"): [
                *foundation.catalog.arns
            ],
            QUERY: [_workgroup(self, foundation=foundation, name=name)],
            ("s3:GetBucketLocation",): [bucket.bucket_arn],
        }
        statements = [
            iam.PolicyStatement(actions=list(actions), resources=resources)
            for actions, resources in allowed.items()
        ]
        self.policy = iam.ManagedPolicy(
            self,
            "Policy",
            description="Reads customer segments by key; who the customers are stays hidden",
            statements=[
                *statements,
                iam.PolicyStatement(
                    actions=["s3:ListBucket"],
                    resources=[bucket.bucket_arn],
                    conditions={
                        "StringLike": {"s3:prefix": [*TABLES, _LATEST, f"{QUERY_RESULTS}*"]}
                    },
                ),
                # Whatever else the role may do, these stay closed.
                iam.PolicyStatement(
                    effect=iam.Effect.DENY,
                    actions=list(READ_VERSIONS),
                    resources=[
                        bucket.arn_for_objects("uploads/*"),
                        identities.arn_for_objects("*"),
                    ],
                ),
            ],
        )
        acknowledge(
            self.policy,
            {
                rf"AwsSolutions-IAM5\[Resource::.+/tenants/\*/{table.name}/\*\]": (
                    f"All tenants' {table.name}: pseudonymous."
                )
                for table in catalog.TABLES
            }
            | {
                rf"AwsSolutions-IAM5\[Resource::.+/{LATEST_RUNS}\*\]": (
                    "The latest run of each tenant, and nothing of its customers."
                ),
                rf"AwsSolutions-IAM5\[Resource::.+/{QUERY_RESULTS}\*\]": (
                    "The results of analysts' queries: pseudonymous, and gone after 30 days."
                ),
            },
        )


def _workgroup(scope: Construct, *, foundation: Foundation, name: str) -> str:
    """Create the workgroup. Return its ARN."""
    athena.CfnWorkGroup(
        scope,
        "Workgroup",
        name=name,
        recursive_delete_option=True,  # its query history goes with it
        work_group_configuration=athena.CfnWorkGroup.WorkGroupConfigurationProperty(
            enforce_work_group_configuration=True,
            publish_cloud_watch_metrics_enabled=False,
            bytes_scanned_cutoff_per_query=MOST_BYTES_SCANNED,
            result_configuration=athena.CfnWorkGroup.ResultConfigurationProperty(
                output_location=foundation.bucket.s3_url_for_object(QUERY_RESULTS),
                encryption_configuration=athena.CfnWorkGroup.EncryptionConfigurationProperty(
                    encryption_option="SSE_KMS", kms_key=foundation.data_key.key_arn
                ),
            ),
        ),
    )
    return Stack.of(scope).format_arn(service="athena", resource="workgroup", resource_name=name)
