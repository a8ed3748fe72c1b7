"""Analysts by Lake Formation: each reads the rows and columns that were granted, and no object."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_athena as athena
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lakeformation as lakeformation
from constructs import Construct

from infra.data.constructs.analysts import MOST_BYTES_SCANNED, QUERY, TABLES
from infra.foundation.catalog import registered_place
from infra.foundation.foundation import Foundation
from infra.kit.grants import READ, READ_VERSIONS, allow_key, allow_objects
from infra.kit.nag import acknowledge
from tessera.naming import LATEST_RUNS


class GovernedAnalysts(Construct):
    """A policy for analysts without any object of S3, a workgroup, and the registered tables.

    Lake Formation reads the tables with a separate role, and gives a query the rows and columns
    of its grants. ``tessera analyst grant`` makes those when the stage is there, so the template
    does not grow with tenants. The tables are registered in hybrid access mode: each role without a
    grant, the pipeline among them, goes on by policies.
    """

    def __init__(self, scope: Construct, id_: str, *, foundation: Foundation, name: str) -> None:
        super().__init__(scope, id_)
        self._register(foundation)
        workgroup = self._workgroup(foundation, name=name)
        self.policy = iam.ManagedPolicy(
            self,
            "Policy",
            description="Queries the customer segments that Lake Formation grants",
            statements=[
                iam.PolicyStatement(
                    actions=["lakeformation:GetDataAccess"],
                    resources=["*"],  # it has no resources: grants decide
                ),
                iam.PolicyStatement(
                    actions=[
                        "glue:GetDatabase",
                        "glue:GetPartition",
                        "glue:GetPartitions",
                        "glue:GetTable",
                    ],
                    resources=[*foundation.catalog.arns],
                ),
                iam.PolicyStatement(actions=list(QUERY), resources=[workgroup]),
                iam.PolicyStatement(
                    actions=["kms:Decrypt", "kms:GenerateDataKey"],
                    resources=[foundation.data_key.key_arn],
                    conditions={"ArnLike": {"kms:EncryptionContext:aws:athena:arn": workgroup}},
                ),
                # Whatever else the role may do, no object is read around the grants.
                iam.PolicyStatement(
                    effect=iam.Effect.DENY,
                    actions=list(READ_VERSIONS),
                    resources=[
                        foundation.bucket.arn_for_objects("*"),
                        foundation.identities.arn_for_objects("*"),
                    ],
                ),
            ],
        )
        acknowledge(
            self.policy,
            {
                r"AwsSolutions-IAM5\[Resource::\*\]": (
                    "lakeformation:GetDataAccess takes no resource: the grants decide."
                )
            },
        )

    def _register(self, foundation: Foundation) -> None:
        reader = iam.Role(
            self,
            "Reader",
            description="Lake Formation reads the catalogued tables",
            assumed_by=iam.ServicePrincipal("lakeformation.amazonaws.com"),
        )
        latest = f"{LATEST_RUNS}*"
        allow_objects(reader, foundation.bucket, READ, *TABLES, latest)
        allow_key(reader, foundation.data_key)
        latest_runs = foundation.bucket.arn_for_objects(LATEST_RUNS.removesuffix("/"))
        places = {"Tenants": registered_place(foundation.bucket), "LatestRuns": latest_runs}
        for label, arn in places.items():
            place = lakeformation.CfnResource(
                self,
                label,
                resource_arn=arn,
                use_service_linked_role=False,
                role_arn=reader.role_arn,
                hybrid_access_enabled=True,
            )
            # Made after it, a table would need the right to the registered place.
            place.node.add_dependency(foundation.catalog, reader)

    def _workgroup(self, foundation: Foundation, *, name: str) -> str:
        """Create the workgroup whose results Athena keeps for a day. Return its ARN."""
        stack = Stack.of(self)
        arn = stack.format_arn(service="athena", resource="workgroup", resource_name=name)
        foundation.data_key.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("encryption.athena.amazonaws.com")],
                actions=["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
                resources=["*"],
                conditions={
                    "ArnLike": {
                        "aws:SourceArn": arn,
                        "kms:EncryptionContext:aws:athena:arn": arn,
                    },
                    "StringEquals": {"aws:SourceAccount": stack.account},
                },
            )
        )
        settings = athena.CfnWorkGroup.ManagedQueryResultsConfigurationProperty(
            enabled=True,
            encryption_configuration=athena.CfnWorkGroup.ManagedStorageEncryptionConfigurationProperty(
                kms_key=foundation.data_key.key_arn
            ),
        )
        workgroup = athena.CfnWorkGroup(
            self,
            "Workgroup",
            name=name,
            recursive_delete_option=True,  # its query history goes with it
            work_group_configuration=athena.CfnWorkGroup.WorkGroupConfigurationProperty(
                enforce_work_group_configuration=True,
                publish_cloud_watch_metrics_enabled=False,
                bytes_scanned_cutoff_per_query=MOST_BYTES_SCANNED,
                managed_query_results_configuration=settings,
            ),
        )
        workgroup.node.add_dependency(foundation.data_key)
        return arn
