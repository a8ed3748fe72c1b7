"""Only old streams of our jobs are deleted."""

from __future__ import annotations

import datetime as dt

import boto3
import pytest
from moto import mock_aws

from adapters.aws.log_streams import LogStreams

GROUP = "/aws/sagemaker/ProcessingJobs"
NOW = dt.datetime.now(dt.UTC)
OLD, NEW = ("tessera-dev-prepare-1/algo-1", "tessera-dev-prepare-2/algo-1")
OTHERS = "somebody-elses-job/algo-1"


@pytest.fixture
def logs(aws_environment):
    with mock_aws():
        client = boto3.client("logs")
        client.create_log_group(logGroupName=GROUP)
        for name, days in ((OLD, 10), (NEW, 1), (OTHERS, 10)):
            client.create_log_stream(logGroupName=GROUP, logStreamName=name)
            at = int((NOW - dt.timedelta(days=days)).timestamp() * 1000)
            client.put_log_events(
                logGroupName=GROUP,
                logStreamName=name,
                logEvents=[{"timestamp": at, "message": "a line"}],
            )
        yield client


def left(logs):
    streams = logs.describe_log_streams(logGroupName=GROUP)["logStreams"]
    return {stream["logStreamName"] for stream in streams}


def test_only_old_streams_with_our_prefix_are_deleted(logs):
    before = NOW - dt.timedelta(days=7)
    assert LogStreams(GROUP).expire("tessera-dev-", before=before) == 1
    assert left(logs) == {NEW, OTHERS}
    assert LogStreams(GROUP).expire("tessera-dev-", before=before) == 0


def test_an_account_without_such_jobs_has_nothing_to_delete(logs):
    assert LogStreams("/aws/sagemaker/TrainingJobs").expire("tessera-dev-", before=NOW) == 0
