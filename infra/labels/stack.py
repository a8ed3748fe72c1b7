"""Labels within seconds: the stream's events move them, and each run renews their rules."""

from __future__ import annotations

from typing import Any

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.foundation.foundation import Foundation
from infra.foundation.functions import FunctionMaker
from infra.foundation.tables import text_table
from infra.kit import assets
from infra.labels.constructs.forwarding import MoveForwarding
from infra.labels.constructs.keeping import LabelKeeping
from infra.labels.constructs.labelling import EventLabelling
from infra.labels.constructs.watch import ForwardingWatch, LabelWatch
from infra.labels.settings import LabelsSettings
from tessera import naming


class LabelsStack(Stack):
    """The stream → LabelEvents ⇄ the table ← KeepLabels ← a finished run.

    Where moves are forwarded: a moved label → a queue → ForwardMoves → the destination.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: LabelsSettings,
        foundation: Foundation,
        **stack: Any,
    ) -> None:
        super().__init__(scope, id_, **stack)
        built = assets.campaign_code()  # which has the engine, and NumPy for Pareto/NBD
        maker = FunctionMaker(
            stage=settings,
            foundation=foundation,
            code=lambda_.Code.from_asset(str(built.path), asset_hash=built.digest),
        )
        table = text_table(
            self,
            "Labels",
            "customer",
            key=foundation.data_key,
            keep=RemovalPolicy.DESTROY,  # the next run writes it again
            expires="expires",
            name=naming.labels_table(settings.stage),
        )
        labelling = EventLabelling(
            self,
            "Labelling",
            maker=maker,
            stream_arn=self.format_arn(
                service="kinesis",
                resource="stream",
                resource_name=naming.event_stream(settings.stage),
            ),
            table=table,
            gathers_seconds=settings.labels.gathers_seconds,
        )
        keeping = LabelKeeping(self, "Keeping", maker=maker, table=table)
        LabelWatch(
            self,
            "LabelWatch",
            label=labelling.function,
            missed=(labelling.missed, keeping.missed),
            topic=foundation.topic,
        )
        if settings.labels.forward:
            forwarding = MoveForwarding(
                self,
                "Forwarding",
                maker=maker,
                table=table,
                destinations=settings.labels.forward,
                most_an_hour=settings.labels.forward_per_hour,
            )
            ForwardingWatch(
                self,
                "ForwardingWatch",
                missed=forwarding.missed,
                stage=settings.stage,
                topic=foundation.topic,
            )
        CfnOutput(self, "LabelsTable", value=table.table_name)
        CfnOutput(self, "KeepLabelsFunction", value=keeping.function.arn)
