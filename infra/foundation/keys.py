"""Customer managed keys. The CDK adds no statement for the services that use one themselves."""

from __future__ import annotations

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.kit.grants import allow


class Key(kms.Key):
    """A key that rotates every year."""

    def __init__(
        self, scope: Construct, id_: str, *, alias: str, about: str, removal_policy: RemovalPolicy
    ) -> None:
        super().__init__(
            scope,
            id_,
            alias=alias,
            description=about,
            enable_key_rotation=True,
            removal_policy=removal_policy,
        )

    def serve_logs(self) -> None:
        """Let CloudWatch Logs encrypt this account's log groups."""
        stack = Stack.of(self)
        groups = f"arn:{stack.partition}:logs:{stack.region}:{stack.account}:*"
        self.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal(f"logs.{stack.region}.amazonaws.com")],
                actions=[
                    "kms:Decrypt",
                    "kms:DescribeKey",
                    "kms:Encrypt",
                    "kms:GenerateDataKey",
                    "kms:GenerateDataKeyWithoutPlaintext",
                    "kms:ReEncryptFrom",
                    "kms:ReEncryptTo",
                ],
                resources=["*"],
                conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
            )
        )

    def serve(self, *services: str) -> None:
        """Let services of this account publish to encrypted topics and queues."""
        self.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal(f"{name}.amazonaws.com") for name in services],
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=["*"],
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            )
        )


class SigningKey(kms.Key):
    """A key pair whose private half never leaves KMS. Such keys do not rotate."""

    def __init__(
        self, scope: Construct, id_: str, *, alias: str, about: str, removal_policy: RemovalPolicy
    ) -> None:
        super().__init__(
            scope,
            id_,
            alias=alias,
            description=about,
            key_spec=kms.KeySpec.ECC_NIST_P256,
            key_usage=kms.KeyUsage.SIGN_VERIFY,
            removal_policy=removal_policy,
        )

    def allow_signing(self, role: iam.Role) -> None:
        """Let a role sign, and read the public half."""
        allow(role, ["kms:GetPublicKey", "kms:Sign"], self.key_arn)
