"""A function that reads the shards of a stream: its rights, its mapping, and how late it is."""

from __future__ import annotations

from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.kit.function import PythonFunction
from infra.kit.grants import allow

# What the mapping of a shard does as the function's role.
_READ = (
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
    "kinesis:SubscribeToShard",
)


def read_shards(
    scope: Construct, *, function: PythonFunction, stream_arn: str, most_records: int,
    gathers_seconds: int, **faults: Any,
) -> lambda_.CfnEventSourceMapping:  # fmt: skip
    """Let Lambda call a function with batches of each shard, from the first record on.

    Parameters
    ----------
    most_records
        Of a batch, which Lambda cuts at 6 MB too.
    gathers_seconds
        How long Lambda gathers records before it calls.
    faults
        What becomes of a batch that failed, as properties of the mapping.
    """
    allow(function.role, _READ, stream_arn)
    mapping = lambda_.CfnEventSourceMapping(
        scope,
        "Mapping",
        event_source_arn=stream_arn,
        function_name=function.arn,
        starting_position="TRIM_HORIZON",
        batch_size=most_records,
        maximum_batching_window_in_seconds=gathers_seconds,
        parallelization_factor=1,
        **faults,
    )
    mapping.node.add_dependency(function.role)
    return mapping


def lateness(function: PythonFunction, *, period: Duration) -> cloudwatch.Metric:
    """Return how many milliseconds the last record of a batch had waited, at the most."""
    return cloudwatch.Metric(
        namespace="AWS/Lambda",
        metric_name="IteratorAge",
        dimensions_map={"FunctionName": function.function.function_name},
        statistic="Maximum",
        period=period,
    )
