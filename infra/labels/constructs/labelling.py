"""LabelEvents, and the mapping by which Lambda calls it with batches of a shard."""

from __future__ import annotations

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.foundation.functions import FunctionMaker
from infra.kit.dead_letters import dead_letter_queue
from infra.kit.grants import READ, allow, allow_announcing, allow_items, allow_objects
from infra.kit.shards import read_shards
from tessera import naming
from tessera.environments.labels import LabelEventsEnvironment

_MOST_RECORDS = 1_000
_TRIES = 10  # halves are tried apart, so that one bad record holds up no others for long
_LATEST_S = 6 * 3_600  # a record of that age is left to the next run


class EventLabelling(Construct):
    """LabelEvents. What it gives up waits in ``missed``, and the next run counts it all the same.

    Parameters
    ----------
    stream_arn
        The event stream.
    table
        Of states and labels.
    gathers_seconds
        How long Lambda gathers events before it calls.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        maker: FunctionMaker,
        stream_arn: str,
        table: dynamodb.ITable,
        gathers_seconds: int,
    ) -> None:
        super().__init__(scope, id_)
        foundation = maker.foundation
        self.missed = dead_letter_queue(self, "Missed", key=foundation.data_key)
        self.function = maker.make(
            self,
            "LabelEvents",
            folder="label_events",
            environment=LabelEventsEnvironment(
                data_bucket=foundation.bucket.bucket_name,
                labels_table=table.table_name,
                pseudonym_secret=foundation.secret.secret_arn,
                stage=maker.stage.stage,
            ),
            minutes=1,
            memory_mb=1024,
            no_queue="Its mapping has a queue for what could not be handled.",
        )
        role = self.function.role
        known = (naming.label_rules_key("*"), f"{naming.erased_prefix('*')}*")
        allow_objects(role, foundation.bucket, READ, *known)
        allow(role, ["secretsmanager:GetSecretValue"], foundation.secret.secret_arn)
        allow(role, ["kms:Decrypt"], foundation.identities_key.key_arn)  # of the secret
        allow_items(role, table, "GetItem", "PutItem", key=foundation.data_key)
        allow_announcing(role)
        allow(role, ["sqs:SendMessage"], self.missed.queue_arn)
        read_shards(
            self,
            function=self.function,
            stream_arn=stream_arn,
            most_records=_MOST_RECORDS,
            gathers_seconds=gathers_seconds,
            bisect_batch_on_function_error=True,
            maximum_retry_attempts=_TRIES,
            maximum_record_age_in_seconds=_LATEST_S,
            function_response_types=["ReportBatchItemFailures"],
            destination_config=lambda_.CfnEventSourceMapping.DestinationConfigProperty(
                on_failure=lambda_.CfnEventSourceMapping.OnFailureProperty(
                    destination=self.missed.queue_arn
                )
            ),
        )
