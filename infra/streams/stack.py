"""Events as they happen: from the stream to upload folders, which the pipeline reads."""

from __future__ import annotations

from typing import Any

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.foundation.foundation import Foundation
from infra.foundation.functions import FunctionMaker
from infra.kit import assets
from infra.streams.constructs.closing import Closing
from infra.streams.constructs.collector import PageCollector
from infra.streams.constructs.producers import ProducersPolicy
from infra.streams.constructs.storing import Storing
from infra.streams.constructs.stream import EventStream
from infra.streams.constructs.watch import StreamWatch
from infra.streams.settings import StreamsSettings


class StreamsStack(Stack):
    """Producers → the stream → StoreEvents → parts of the day → CloseWindows → an upload."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: StreamsSettings,
        foundation: Foundation,
        **stack: Any,
    ) -> None:
        super().__init__(scope, id_, **stack)
        built = assets.lambda_code()
        maker = FunctionMaker(
            stage=settings,
            foundation=foundation,
            code=lambda_.Code.from_asset(str(built.path), asset_hash=built.digest),
        )
        stream = EventStream(
            self,
            "Events",
            stage=settings.stage,
            settings=settings.stream,
            key=foundation.data_key,
        )
        storing = Storing(self, "Storing", maker=maker, stream=stream.stream)
        closing = Closing(self, "Closing", maker=maker)
        producers = ProducersPolicy(
            self, "Producers", stream=stream.stream, key=foundation.data_key
        )
        StreamWatch(
            self,
            "StreamWatch",
            store=storing.function,
            close=closing.function,
            missed=closing.missed,
            stage=settings.stage,
            topic=foundation.topic,
        )
        if settings.stream.collects:
            PageCollector(
                self,
                "Pages",
                maker=maker,
                settings=settings.stream,
                stream=stream.stream,
                tenancy=settings.tenant.tenancy,
            )
        CfnOutput(self, "EventStream", value=stream.stream.stream_name)
        CfnOutput(self, "ProducersPolicyArn", value=producers.policy.managed_policy_arn)
        CfnOutput(self, "CloseWindowsFunction", value=closing.function.arn)
