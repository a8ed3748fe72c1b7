"""CloseWindows, and the rule that calls it every hour."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from infra.foundation.functions import FunctionMaker
from infra.kit.dead_letters import dead_letter_queue
from infra.kit.grants import DELETE, DELETE_VERSIONS, READ, WRITE, allow_list, allow_objects
from tessera import naming
from tessera.environments.ingest import CloseWindowsEnvironment

_MINUTE = "15"  # of each hour: yesterday's last parts are there when it is closed at 00:15
_FOLDERS = f"{naming.UPLOADS}*/{naming.STREAM}-*"


class Closing(Construct):
    """CloseWindows. A call that fails for good waits in ``missed``, and the next one does more."""

    def __init__(self, scope: Construct, id_: str, *, maker: FunctionMaker) -> None:
        super().__init__(scope, id_)
        bucket = maker.foundation.bucket
        self.missed = dead_letter_queue(self, "Missed", key=maker.foundation.data_key)
        self.function = maker.make(
            self,
            "CloseWindows",
            folder="close_windows",
            environment=CloseWindowsEnvironment(data_bucket=bucket.bucket_name),
            minutes=14,
            memory_mb=1769,  # one processor
            dead_letters=self.missed,
        )
        role = self.function.role
        # It merges parts. Those of StoreEvents it may delete and never change.
        allow_objects(role, bucket, READ, f"{_FOLDERS}/*")
        written = (naming.FOLDER_COMPLETE, naming.MERGED_PARTS, f"{naming.MERGED}*")
        allow_objects(role, bucket, WRITE, *(f"{_FOLDERS}/{name}" for name in written))
        allow_list(role, bucket, _FOLDERS)
        allow_objects(role, bucket, DELETE, _FOLDERS)
        marks = f"{naming.OPEN_PARTS}*"
        allow_list(role, bucket, marks, action="s3:ListBucketVersions")
        allow_objects(role, bucket, DELETE_VERSIONS, marks)
        events.Rule(
            self,
            "Hourly",
            description="Tessera: close_windows",
            schedule=events.Schedule.cron(minute=_MINUTE),
            targets=[
                targets.LambdaFunction(
                    self.function.live,
                    dead_letter_queue=self.missed,
                    retry_attempts=2,
                    max_event_age=Duration.hours(1),
                )
            ],
        )
