"""The stream itself."""

from __future__ import annotations

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.kit.nag import acknowledge
from infra.streams.settings import StreamSettings
from tessera import naming


class EventStream(Construct):
    """Shards that are paid whether or not records come, encrypted with the data key.

    Its records are copies within a minute, so the stream goes with its stack.
    """

    def __init__(
        self, scope: Construct, id_: str, *, stage: str, settings: StreamSettings, key: kms.IKey
    ) -> None:
        super().__init__(scope, id_)
        self.stream = kinesis.Stream(
            self,
            "Stream",
            stream_name=naming.event_stream(stage),
            stream_mode=kinesis.StreamMode.PROVISIONED,
            shard_count=settings.shards,
            retention_period=Duration.hours(settings.retention_hours),
            encryption=kinesis.StreamEncryption.KMS,
            encryption_key=key,
            removal_policy=RemovalPolicy.DESTROY,
        )
        acknowledge(
            self.stream,
            {"AwsSolutions-KDS3": "The stage's own key: who reads records needs a grant on it."},
        )
