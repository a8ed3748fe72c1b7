"""Events and notifications reach their readers."""

from __future__ import annotations

import json

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from adapters.aws.notices import Notices
from tessera.errors import Refused, Retryable


@pytest.fixture
def inbox(aws_environment):
    """A topic and the event bus, both delivering to one queue."""
    with mock_aws():
        sns, sqs, events = boto3.client("sns"), boto3.client("sqs"), boto3.client("events")
        topic = sns.create_topic(Name="runs")["TopicArn"]
        url = sqs.create_queue(QueueName="inbox")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"][
            "QueueArn"
        ]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        events.put_rule(Name="all", EventPattern=json.dumps({"source": ["tessera"]}))
        events.put_targets(Rule="all", Targets=[{"Id": "inbox", "Arn": arn}])

        def read():
            received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
            return [json.loads(message["Body"]) for message in received]

        yield topic, read


def test_an_event_is_put_on_the_bus(inbox):
    topic, read = inbox
    Notices(topic).publish("Run Finished", {"tenant": "default"})
    (event,) = read()
    assert event["source"] == "tessera"
    assert event["detail-type"] == "Run Finished"
    assert event["detail"] == {"tenant": "default"}


def test_a_notification_reaches_the_topic(inbox):
    topic, read = inbox
    Notices(topic).notify("Done – really\nyes", "é text")
    (message,) = read()
    assert message["Subject"] == "Done ? really yes"
    assert message["Message"] == "é text"


def test_a_long_subject_is_cut_to_what_sns_takes(inbox):
    topic, read = inbox
    Notices(topic).notify("x" * 300, "text")
    assert read()[0]["Subject"] == "x" * 100


def test_an_event_that_the_bus_did_not_take_is_tried_again(aws_environment):
    client = boto3.client("events")
    with Stubber(client) as stub:
        failed = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure"}]}
        stub.add_response("put_events", failed)
        with pytest.raises(Retryable, match="InternalFailure"):
            Notices("arn", events=client).publish("Run Finished", {})


@pytest.mark.parametrize(
    ("code", "meaning"), [("Throttled", Retryable), ("AuthorizationError", Refused)]
)
def test_what_sns_says_becomes_what_to_do(aws_environment, code, meaning):
    client = boto3.client("sns")
    with Stubber(client) as stub:
        stub.add_client_error("publish", code)
        with pytest.raises(meaning, match=code):
            Notices("arn:aws:sns:us-east-1:123456789012:t", sns=client).notify("s", "t")
