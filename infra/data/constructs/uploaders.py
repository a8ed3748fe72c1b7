"""What uploaders may do: drop files below ``uploads/``, and nothing else."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.foundation.foundation import Foundation
from infra.kit.grants import WRITE
from infra.kit.nag import acknowledge
from tessera.naming import UPLOADS


class UploadersPolicy(Construct):
    """A managed policy to attach to the role or user that delivers a shop's exports."""

    def __init__(self, scope: Construct, id_: str, *, foundation: Foundation) -> None:
        super().__init__(scope, id_)
        through_s3 = {
            "StringEquals": {"kms:ViaService": f"s3.{Stack.of(self).region}.amazonaws.com"}
        }
        self.policy = iam.ManagedPolicy(
            self,
            "Policy",
            description="Puts files into uploads/ of a Tessera stage, and reads nothing",
            statements=[
                iam.PolicyStatement(
                    actions=[*WRITE, "s3:ListMultipartUploadParts"],
                    resources=[foundation.bucket.arn_for_objects(f"{UPLOADS}*")],
                ),
                # The parts of a large file are encrypted, then read again to join them.
                iam.PolicyStatement(
                    actions=["kms:Decrypt", "kms:GenerateDataKey"],
                    resources=[foundation.data_key.key_arn],
                    conditions=through_s3,
                ),
            ],
        )
        acknowledge(
            self.policy,
            {r"AwsSolutions-IAM5\[Resource::.+/uploads/\*\]": "Users choose the names of uploads."},
        )
