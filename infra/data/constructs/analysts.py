"""What analysts may read: profiles, transitions and the catalog, never an upload or an identity."""

from __future__ import annotations

from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.foundation.foundation import Foundation
from infra.kit.grants import READ, READ_VERSIONS
from infra.kit.nag import acknowledge
from tessera.contracts.tables import CATALOGUED

TABLES = tuple(f"tenants/*/{table.name}/*" for table in CATALOGUED)


class AnalystsPolicy(Construct):
    """A managed policy to attach to an analyst's role or group."""

    def __init__(self, scope: Construct, id_: str, *, foundation: Foundation) -> None:
        super().__init__(scope, id_)
        bucket, identities = foundation.bucket, foundation.identities
        allowed = {
            READ: [bucket.arn_for_objects(table) for table in TABLES],
            ("kms:Decrypt",): [foundation.data_key.key_arn],
            ("glue:GetDatabase", "glue:GetPartition", "glue:GetPartitions", "glue:GetTable"): [
                *foundation.catalog.arns
            ],
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
                    conditions={"StringLike": {"s3:prefix": list(TABLES)}},
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
                for table in CATALOGUED
            },
        )
