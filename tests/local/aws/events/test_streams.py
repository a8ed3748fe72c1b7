"""Functions of streams: batches of a shard in order, again until they succeed."""

from __future__ import annotations

import base64
import io
import json
import time
import zipfile

import pytest

# Writes each batch under its first sequence number, and fails for the first batch with "bad".
HANDLER = """
import base64, json, boto3
def handler(event, context):
    records = event["Records"]
    bodies = [base64.b64decode(record["kinesis"]["data"]).decode() for record in records]
    s3 = boto3.client("s3")
    if "bad" in bodies and not s3.list_objects_v2(Bucket="stream-tests", Prefix="seen")["KeyCount"]:
        s3.put_object(Bucket="stream-tests", Key="seen", Body=b"")
        raise RuntimeError("a busy bucket")
    ids = [record["eventID"] for record in records]
    body = json.dumps({"bodies": bodies, "ids": ids})
    s3.put_object(Bucket="stream-tests", Key="batch-" + ids[0], Body=body)
"""
RECORDS = 60


@pytest.fixture(scope="module")
def stream(aws):
    """A stream of two shards with a function."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("index.py", HANDLER)
    aws.client("s3").create_bucket(Bucket="stream-tests")
    role = aws.client("iam").create_role(RoleName="stream", AssumeRolePolicyDocument="{}")
    function = aws.client("lambda").create_function(
        FunctionName="stream", Runtime="python3.13", Role=role["Role"]["Arn"],
        Handler="index.handler", Code={"ZipFile": archive.getvalue()}, Timeout=30,
    )  # fmt: skip
    kinesis = aws.client("kinesis")
    kinesis.create_stream(StreamName="stream-tests", ShardCount=2)
    arn = kinesis.describe_stream_summary(StreamName="stream-tests")
    aws.client("lambda").create_event_source_mapping(
        EventSourceArn=arn["StreamDescriptionSummary"]["StreamARN"],
        FunctionName=function["FunctionArn"], BatchSize=1_000, StartingPosition="TRIM_HORIZON",
    )  # fmt: skip
    return "stream-tests"


def put(aws, stream, bodies):
    answer = aws.client("kinesis").put_records(
        StreamName=stream,
        Records=[{"Data": body.encode(), "PartitionKey": body[-1]} for body in bodies],
    )
    return [one["ShardId"] for one in answer["Records"]]


def batches(aws):
    s3 = aws.client("s3")
    listed = s3.list_objects_v2(Bucket="stream-tests", Prefix="batch-").get("Contents", [])
    return [
        json.load(s3.get_object(Bucket="stream-tests", Key=one["Key"])["Body"]) for one in listed
    ]


def arrived(aws, count):
    until = time.monotonic() + 60
    while sum(len(batch["ids"]) for batch in batches(aws)) < count:
        assert time.monotonic() < until, "it did not happen within a minute"
        time.sleep(0.1)
    return batches(aws)


def test_every_record_arrives_once_in_order_and_a_failed_batch_comes_again(aws, stream):
    sent = [str(number) for number in range(RECORDS)]
    sent[7] = "bad"
    shards = put(aws, stream, sent)
    assert len(set(shards)) == 2
    made = arrived(aws, RECORDS)
    assert sorted(body for batch in made for body in batch["bodies"]) == sorted(sent)
    assert len(made) < RECORDS / 4
    ids = [one for batch in made for one in batch["ids"]]
    assert len(set(ids)) == RECORDS
    for shard in set(shards):
        expected = [body for body, of in zip(sent, shards, strict=True) if of == shard]
        got = [
            (int(one.partition(":")[2]), body)
            for batch in made
            for one, body in zip(batch["ids"], batch["bodies"], strict=True)
            if one.startswith(shard)
        ]
        assert [body for _, body in sorted(got)] == expected


def test_a_batch_fits_into_an_event(aws, stream):
    body = base64.b64encode(b"x" * 600_000).decode()
    for _ in range(12):
        put(aws, stream, [body + "1"])
    made = arrived(aws, RECORDS + 12)
    large = [batch for batch in made if len(batch["bodies"][0]) > 100_000]
    assert len(large) > 1
    assert max(len(batch["ids"]) for batch in large) <= 6_000_000 // 800_000
