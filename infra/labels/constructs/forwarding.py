"""ForwardMoves, and the queue from which Lambda calls it with labels that moved."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.foundation.functions import FunctionMaker
from infra.kit.dead_letters import dead_letter_queue
from infra.kit.grants import (
    DELETE,
    READ,
    WRITE,
    allow,
    allow_items,
    allow_key,
    allow_objects,
    allow_secrets,
)
from infra.kit.nag import acknowledge
from tessera import naming
from tessera.environments.labels import ForwardMovesEnvironment

_BATCH, _GATHERS_S = 500, 5
_MINUTES = 5  # less than a turn lasts
_AGAIN = Duration.minutes(10)  # after which what could not be sent comes again
_TRIES = 36  # six hours: a run may be loading the destination


class MoveForwarding(Construct):
    """What ForwardMoves gives up waits in ``missed``, and the next run sends it all the same.

    Parameters
    ----------
    table
        Of states and labels.
    destinations
        Those that get single moves.
    most_an_hour
        How many customers each of them gets in an hour, for one tenant.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        maker: FunctionMaker,
        table: dynamodb.ITable,
        destinations: Sequence[str],
        most_an_hour: int,
    ) -> None:
        super().__init__(scope, id_)
        foundation = maker.foundation
        self.missed = dead_letter_queue(self, "Missed", key=foundation.data_key)
        queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=foundation.data_key,
            enforce_ssl=True,
            retention_period=Duration.days(2),
            visibility_timeout=_AGAIN,
            dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=_TRIES, queue=self.missed),
        )
        self.function = maker.make(
            self,
            "ForwardMoves",
            folder="forward_moves",
            environment=ForwardMovesEnvironment(
                data_bucket=foundation.bucket.bucket_name,
                identities_bucket=foundation.identities.bucket_name,
                stage=maker.stage.stage,
                options="{}",
                labels_table=table.table_name,
                tenants_table=foundation.tenants.table_name,
                destinations=",".join(destinations),
                most_an_hour=str(most_an_hour),
            ),
            minutes=_MINUTES,
            memory_mb=1024,
            no_queue="Its queue has a dead-letter queue.",
        )
        _grant(self.function.role, maker=maker, destinations=destinations)
        allow_items(self.function.role, table, "GetItem", key=foundation.data_key)
        maker.allow_tenants(self.function, "GetItem")
        self._feed(queue)
        _deliver(self, queue, missed=self.missed)

    def _feed(self, queue: sqs.IQueue) -> None:
        mapping = lambda_.CfnEventSourceMapping(
            self,
            "Mapping",
            event_source_arn=queue.queue_arn,
            function_name=self.function.arn,
            batch_size=_BATCH,
            maximum_batching_window_in_seconds=_GATHERS_S,
            function_response_types=["ReportBatchItemFailures"],
            scaling_config=lambda_.CfnEventSourceMapping.ScalingConfigProperty(
                maximum_concurrency=2  # they take turns anyway
            ),
        )
        read = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")
        allow(self.function.role, read, queue.queue_arn)
        mapping.node.add_dependency(self.function.role)
        acknowledge(
            mapping,
            {
                "Serverless-LambdaEventSourceMappingDestination": (
                    "The queue itself has a dead-letter queue."
                )
            },
        )


def _grant(role: iam.Role, *, maker: FunctionMaker, destinations: Sequence[str]) -> None:
    """Let a role read what a run had for customers, note what was sent, and use these keys."""
    foundation = maker.foundation
    ticket = naming.run_key("*", "*", naming.TICKET)
    allow_objects(role, foundation.bucket, READ, naming.label_rules_key("*"), ticket)
    files, ledger = naming.destination_prefix("*", "*", "*"), naming.ledger_prefix("*", "*")
    read = (f"{files}{naming.CONTENTS}*", f"{files}{naming.LOAD_REPORT}")
    allow_objects(role, foundation.identities, READ, *read)
    notes = (f"{ledger}{naming.LEDGER_MOVES}", f"{ledger}{naming.LEDGER_JOURNAL}*-moves.csv.gz")
    allow_objects(role, foundation.identities, (*READ, *WRITE), *notes)
    turns = f"{ledger}{naming.LEDGER_TURNS}*"
    allow_objects(role, foundation.identities, (*READ, *WRITE, *DELETE), turns)
    allow_key(role, foundation.identities_key)
    stage = maker.stage.stage
    allow_secrets(role, *(naming.destination_secret(stage, name) for name in destinations))


def _deliver(scope: Construct, queue: sqs.IQueue, *, missed: sqs.IQueue) -> None:
    """Put each moved label, and each finished run, on the queue."""
    about = {
        naming.LABEL_MOVED: ("Moved", "A label has moved: destinations get it", "customer_key"),
        naming.RUN_FINISHED: ("Finished", "A run has finished: moves go on from it", "run_id"),
    }
    for detail_type, (id_, description, field) in about.items():
        events.Rule(
            scope,
            id_,
            description=description,
            event_pattern=events.EventPattern(
                source=[naming.EVENT_SOURCE], detail_type=[detail_type]
            ),
            targets=[
                targets.SqsQueue(
                    queue,
                    message=events.RuleTargetInput.from_object(
                        {
                            name: events.EventField.from_path(f"$.detail.{name}")
                            for name in ("tenant", field)
                        }
                    ),
                    dead_letter_queue=missed,
                )
            ],
        )
