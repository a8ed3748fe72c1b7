"""Events of messages: from the default bus to a queue, and in batches to WriteEvents."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.kit.dead_letters import dead_letter_queue
from infra.kit.function import PythonFunction
from infra.kit.grants import allow
from infra.kit.nag import acknowledge

_BATCH = 500  # events, or what comes within the window
_WINDOW = Duration.seconds(5)
_TRIES = 5


class EventQueue(Construct):
    """Two queues: one that WriteEvents empties, and one for what it could not write."""

    def __init__(
        self, scope: Construct, id_: str, *, configuration_set: str, key: kms.IKey
    ) -> None:
        super().__init__(scope, id_)
        self.dead = dead_letter_queue(self, "Dead", key=key)
        self._events = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            enforce_ssl=True,
            retention_period=Duration.days(14),
            # Six times the function's limit, as Lambda asks for.
            visibility_timeout=Duration.minutes(6),
            dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=_TRIES, queue=self.dead),
        )
        events.Rule(
            self,
            "Rule",
            description="Something has happened to a message of a campaign",
            event_pattern=events.EventPattern(
                source=["aws.ses"],
                detail={"mail": {"tags": {"ses:configuration-set": [configuration_set]}}},
            ),
            targets=[targets.SqsQueue(self._events, dead_letter_queue=self.dead)],
        )

    def feed(self, function: PythonFunction) -> None:
        """Let a function write what comes."""
        mapping = lambda_.CfnEventSourceMapping(
            self,
            "Mapping",
            event_source_arn=self._events.queue_arn,
            function_name=function.arn,
            batch_size=_BATCH,
            maximum_batching_window_in_seconds=int(_WINDOW.to_seconds()),
        )
        allow(
            function.role,
            ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
            self._events.queue_arn,
        )
        mapping.node.add_dependency(function.role)
        acknowledge(
            mapping,
            {
                "Serverless-LambdaEventSourceMappingDestination": (
                    "The queue itself has a dead-letter queue."
                )
            },
        )
