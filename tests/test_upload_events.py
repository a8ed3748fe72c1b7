"""What the embedded EventBridge delivers of an upload: one event, however the file was sent.

It is not among the tests of ``local``: they share an embedded AWS, which these mocks would empty.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.events import models
from moto.s3.models import S3Backend

from local.aws.events import delivery

UPLOADS = 200
BUCKET, KEY = "uploads-of-a-shop", "uploads/orders.csv"


class Executions:
    """A state machine's client that keeps what executions are started with."""

    def __init__(self) -> None:
        self.inputs: list[dict[str, Any]] = []
        self._lock = threading.Lock()

    def start_execution(self, **request: Any) -> None:
        """Take an execution's input."""
        with self._lock:
            self.inputs.append(json.loads(request["input"]))


class AtOnce(delivery.Delivery):
    """Delivers before it returns, so that a test need not wait."""

    def deliver(self, target: dict[str, Any], event: dict[str, Any]) -> None:
        """Send one event to one target."""
        self._call(target, delivery.body_for(target, event))


@pytest.fixture
def executions(monkeypatch: pytest.MonkeyPatch) -> Iterator[Executions]:
    monkeypatch.setattr(models.events_backends, "backend", models.EventsBackend)
    monkeypatch.setattr(S3Backend, "put_object", S3Backend.put_object)
    taken, problems = Executions(), list[str]()
    with mock_aws():
        delivery.install(AtOnce(lambda _: taken, report=problems.append))
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket=BUCKET)
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        s3.put_bucket_notification_configuration(
            Bucket=BUCKET, NotificationConfiguration={"EventBridgeConfiguration": {}}
        )
        events = boto3.client("events", region_name="us-east-1")
        pattern = {"source": ["aws.s3"], "detail-type": ["Object Created"]}
        events.put_rule(Name="uploads", EventPattern=json.dumps(pattern))
        machine = "arn:aws:states:us-east-1:123456789012:stateMachine:Run"
        events.put_targets(Rule="uploads", Targets=[{"Id": "run", "Arn": machine}])
        yield taken
    assert problems == []


def started(executions: Executions) -> list[str]:
    return [event["detail"]["object"]["version-id"] for event in executions.inputs]


def in_parts(s3: Any, body: bytes) -> str:
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key=KEY, Metadata={"as-of": "2026-01-01"})
    place = {"Bucket": BUCKET, "Key": KEY, "UploadId": upload["UploadId"]}
    part = s3.upload_part(**place, PartNumber=1, Body=body)
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    return str(s3.complete_multipart_upload(**place, MultipartUpload=parts)["VersionId"])


def test_an_upload_in_parts_starts_one_execution_every_time(executions: Executions) -> None:
    s3 = boto3.client("s3", region_name="us-east-1")
    versions = [in_parts(s3, f"{number}".encode()) for number in range(UPLOADS)]
    assert started(executions) == versions


def test_a_small_upload_starts_one_execution(executions: Executions) -> None:
    s3 = boto3.client("s3", region_name="us-east-1")
    put = s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"CustomerID")
    assert started(executions) == [put["VersionId"]]


def test_a_copy_of_an_upload_in_parts_starts_one_execution(executions: Executions) -> None:
    s3 = boto3.client("s3", region_name="us-east-1")
    version = in_parts(s3, b"CustomerID")
    copy = s3.copy_object(
        Bucket=BUCKET, Key="uploads/b.csv", CopySource={"Bucket": BUCKET, "Key": KEY}
    )
    assert started(executions) == [version, copy["VersionId"]]


def test_a_rule_with_a_schedule_only_gets_no_event(executions: Executions) -> None:
    events = boto3.client("events", region_name="us-east-1")
    events.put_rule(Name="daily", ScheduleExpression="cron(0 3 * * ? *)")
    machine = "arn:aws:states:us-east-1:123456789012:stateMachine:Daily"
    events.put_targets(Rule="daily", Targets=[{"Id": "run", "Arn": machine}])
    s3 = boto3.client("s3", region_name="us-east-1")
    put = s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"CustomerID")
    assert started(executions) == [put["VersionId"]]
