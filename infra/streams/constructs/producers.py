"""What producers may do: put records on the stream, and nothing else."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from constructs import Construct


class ProducersPolicy(Construct):
    """A managed policy to attach to the role or user that sends a shop's events."""

    def __init__(
        self, scope: Construct, id_: str, *, stream: kinesis.IStream, key: kms.IKey
    ) -> None:
        super().__init__(scope, id_)
        through_kinesis = {
            "StringEquals": {"kms:ViaService": f"kinesis.{Stack.of(self).region}.amazonaws.com"}
        }
        self.policy = iam.ManagedPolicy(
            self,
            "Policy",
            description="Puts events on the stream of a Tessera stage, and reads nothing",
            statements=[
                iam.PolicyStatement(
                    actions=["kinesis:PutRecord", "kinesis:PutRecords"],
                    resources=[stream.stream_arn],
                ),
                iam.PolicyStatement(
                    actions=["kms:GenerateDataKey"],
                    resources=[key.key_arn],
                    conditions=through_kinesis,
                ),
            ],
        )
