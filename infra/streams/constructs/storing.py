"""StoreEvents, and the mapping by which Lambda calls it with batches of a shard."""

from __future__ import annotations

from aws_cdk import aws_kinesis as kinesis
from constructs import Construct

from infra.foundation.functions import FunctionMaker
from infra.kit.grants import allow_objects
from infra.kit.nag import acknowledge
from infra.kit.shards import read_shards
from tessera import naming
from tessera.environments.ingest import StoreEventsEnvironment

_MOST_RECORDS = 10_000
_WINDOW_S = 300  # Lambda's longest: days are closed hourly, and each part costs its reader time
_FOR_EVER = -1


class Storing(Construct):
    """StoreEvents. It fails only where S3 does, so a batch is tried until it is stored."""

    def __init__(
        self, scope: Construct, id_: str, *, maker: FunctionMaker, stream: kinesis.IStream
    ) -> None:
        super().__init__(scope, id_)
        bucket = maker.foundation.bucket
        self.function = maker.make(
            self,
            "StoreEvents",
            folder="store_events",
            environment=StoreEventsEnvironment(
                data_bucket=bucket.bucket_name, stage=maker.stage.stage
            ),
            minutes=5,
            memory_mb=1024,
            no_queue="The stream keeps what it could not store, and an alarm watches how long.",
        )
        allow_objects(
            self.function.role,
            bucket,
            ["s3:PutObject"],
            f"{naming.UPLOADS}*/{naming.STREAM}-*",
            f"{naming.OPEN_PARTS}*",
        )
        mapping = read_shards(
            self,
            function=self.function,
            stream_arn=stream.stream_arn,
            most_records=_MOST_RECORDS,
            gathers_seconds=_WINDOW_S,
            # Half of a batch would be stored no better, and no record is ever given up.
            bisect_batch_on_function_error=False,
            maximum_retry_attempts=_FOR_EVER,
            maximum_record_age_in_seconds=_FOR_EVER,
        )
        acknowledge(
            mapping,
            {
                "Serverless-LambdaEventSourceMappingDestination": (
                    "A batch is tried until it is stored, so none is left for a queue."
                )
            },
        )
