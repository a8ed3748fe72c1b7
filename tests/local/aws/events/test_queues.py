"""Functions of queues: everything arrives, in batches, and no sender waits."""

from __future__ import annotations

import io
import json
import time
import zipfile

import pytest

# Fails at every batch with a message "bad", and names those that begin with "again". Else it writes
# what it got.
HANDLER = """
import json, os, boto3
def handler(event, context):
    bodies = [record["body"] for record in event["Records"]]
    if "bad" in bodies:
        raise RuntimeError("a bad message")
    again = [one for one in event["Records"] if one["body"].startswith("again")]
    bodies = [body for body in bodies if not body.startswith("again")]
    boto3.client("s3").put_object(
        Bucket="queue-tests", Key=context.aws_request_id, Body=json.dumps(bodies)
    )
    return {"batchItemFailures": [{"itemIdentifier": one["messageId"]} for one in again]}
"""
MESSAGES = 60


@pytest.fixture(scope="module")
def queues(aws):
    """A queue with a function and a dead-letter queue, and where the function writes."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("index.py", HANDLER)
    aws.client("s3").create_bucket(Bucket="queue-tests")
    role = aws.client("iam").create_role(RoleName="queue", AssumeRolePolicyDocument="{}")
    function = aws.client("lambda").create_function(
        FunctionName="queue", Runtime="python3.13", Role=role["Role"]["Arn"],
        Handler="index.handler", Code={"ZipFile": archive.getvalue()}, Timeout=30,
    )  # fmt: skip
    sqs = aws.client("sqs")
    dead = sqs.create_queue(QueueName="queue-tests-dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])
    redrive = {"deadLetterTargetArn": arn["Attributes"]["QueueArn"], "maxReceiveCount": 2}
    url = sqs.create_queue(
        QueueName="queue-tests", Attributes={"RedrivePolicy": json.dumps(redrive)}
    )["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    aws.client("lambda").create_event_source_mapping(
        EventSourceArn=arn["Attributes"]["QueueArn"], FunctionName=function["FunctionArn"]
    )
    return url, dead


def batches(aws):
    s3 = aws.client("s3")
    keys = [one["Key"] for one in s3.list_objects_v2(Bucket="queue-tests").get("Contents", [])]
    return [json.load(s3.get_object(Bucket="queue-tests", Key=key)["Body"]) for key in keys]


def wait_for(condition):
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until, "it did not happen within a minute"
        time.sleep(0.1)


def test_every_message_arrives_once_in_batches(aws, queues):
    sqs = aws.client("sqs")
    for number in range(MESSAGES):
        sqs.send_message(QueueUrl=queues[0], MessageBody=str(number))
    wait_for(lambda: sum(map(len, batches(aws))) >= MESSAGES)
    arrived = [body for batch in batches(aws) for body in batch]
    assert sorted(arrived, key=int) == [str(number) for number in range(MESSAGES)]
    assert len(batches(aws)) < MESSAGES / 2


def test_of_a_batch_only_those_that_the_function_names_come_again(aws, queues):
    sqs = aws.client("sqs")
    for body in ("again-1", "1000", "again-2", "1001"):
        sqs.send_message(QueueUrl=queues[0], MessageBody=body)
    dead = []

    def have_come():
        dead.extend(sqs.receive_message(QueueUrl=queues[1]).get("Messages", []))
        return len(dead) == 2

    wait_for(have_come)
    assert sorted(one["Body"] for one in dead) == ["again-1", "again-2"]
    for one in dead:
        sqs.delete_message(QueueUrl=queues[1], ReceiptHandle=one["ReceiptHandle"])
    arrived = [body for batch in batches(aws) for body in batch]
    assert sorted(body for body in arrived if body in ("1000", "1001")) == ["1000", "1001"]


def test_a_batch_that_always_fails_ends_in_the_dead_letter_queue(aws, queues):
    sqs = aws.client("sqs")
    sqs.send_message(QueueUrl=queues[0], MessageBody="bad")
    dead = []

    def has_come():
        dead.extend(sqs.receive_message(QueueUrl=queues[1]).get("Messages", []))
        return bool(dead)

    wait_for(has_come)
    assert [one["Body"] for one in dead] == ["bad"]
