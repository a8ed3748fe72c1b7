"""KeepLabels, and the rule that calls it when a run has finished."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from infra.foundation.functions import FunctionMaker
from infra.kit.dead_letters import dead_letter_queue
from infra.kit.grants import READ, WRITE, allow_items, allow_objects
from tessera import naming
from tessera.environments.labels import KeepLabelsEnvironment

_MEMORY_MB, _STORAGE_GB = 3_008, 8  # a history, and the states of its customers
_RECORDS = (naming.TICKET, naming.PREPARE_RECORD, naming.SCORE_RECORD)


class LabelKeeping(Construct):
    """KeepLabels reads a tenant's last run and its events, and no identities."""

    def __init__(
        self, scope: Construct, id_: str, *, maker: FunctionMaker, table: dynamodb.ITable
    ) -> None:
        super().__init__(scope, id_)
        foundation = maker.foundation
        self.missed = dead_letter_queue(self, "Missed", key=foundation.data_key)
        self.function = maker.make(
            self,
            "KeepLabels",
            folder="keep_labels",
            environment=KeepLabelsEnvironment(
                data_bucket=foundation.bucket.bucket_name, labels_table=table.table_name
            ),
            minutes=15,
            memory_mb=_MEMORY_MB,
            storage_gb=_STORAGE_GB,
            dead_letters=self.missed,
        )
        role, kept = self.function.role, f"{naming.labels_prefix('*')}*"
        allow_objects(
            role,
            foundation.bucket,
            READ,
            kept,
            naming.latest_key("*"),
            f"{naming.events_prefix('*')}*",
            *(naming.run_key("*", "*", name) for name in _RECORDS),
        )
        allow_objects(role, foundation.bucket, WRITE, kept)
        allow_items(role, table, "GetItem", "PutItem", key=foundation.data_key)
        events.Rule(
            self,
            "Finished",
            description="A run has finished: live labels start from it",
            event_pattern=events.EventPattern(
                source=[naming.EVENT_SOURCE], detail_type=[naming.RUN_FINISHED]
            ),
            targets=[
                targets.LambdaFunction(
                    self.function.live,
                    event=events.RuleTargetInput.from_object(
                        {"tenant": events.EventField.from_path("$.detail.tenant")}
                    ),
                    dead_letter_queue=self.missed,
                    retry_attempts=3,
                    max_event_age=Duration.hours(2),
                )
            ],
        )
