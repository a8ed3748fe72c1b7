"""The gate for a new version of moto: the services that states call."""

from __future__ import annotations

import pytest

from local.aws.server import EmbeddedAws
from local.loopback.place import ACCOUNT, REGION
from tests.local.battery import BUCKET, CAUGHT, QUEUE, Case, caught, machine, passes, task

CASES = [
    Case("sns", machine(A=task("arn:aws:states:::sns:publish", {
        "TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:battery", "Message": "{% $states.input %}"}))),
    Case("sqs", machine(A=task("arn:aws:states:::sqs:sendMessage", {
        "QueueUrl": QUEUE, "MessageBody": {"a": 1}}))),
    Case("task token", machine(A=task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", {
        "QueueUrl": QUEUE, "MessageBody": {"token": "{% $states.context.Task.Token %}"}})),
        lambda o: o == {"answered": True}),
    Case("events", machine(A=task("arn:aws:states:::events:putEvents", {"Entries": [
        {"Source": "tessera", "DetailType": "d", "Detail": {"a": 1}, "EventBusName": "default"}]}))),  # noqa: E501
    Case("dynamodb", machine(
        A=task("arn:aws:states:::dynamodb:putItem",
               {"TableName": "battery", "Item": {"pk": {"S": "1"}}}, Next="B"),
        B=task("arn:aws:states:::dynamodb:putItem",
               {"TableName": "battery", "Item": {"pk": {"S": "1"}},
                "ConditionExpression": "attribute_not_exists(pk)"},
               Catch=caught("DynamoDB.ConditionalCheckFailedException")), Caught=CAUGHT)),
    Case("aws sdk", machine(A=task("arn:aws:states:::aws-sdk:s3:getObject", {
        "Bucket": BUCKET, "Key": "in/a.txt"}, Output="{% $states.result.Body %}")),
        lambda o: o == "hello"),
    Case("aws sdk, error by name", machine(
        A=task("arn:aws:states:::aws-sdk:s3:getObject", {"Bucket": BUCKET, "Key": "zz"},
               Catch=caught("S3.NoSuchKeyException")), Caught=CAUGHT)),
    Case("aws sdk, dates", machine(A=task(
        "arn:aws:states:::aws-sdk:s3:listObjectsV2", {"Bucket": BUCKET, "Prefix": "in/"})),
        lambda o: isinstance(o["Contents"][0]["LastModified"], str)),
    Case("nested machine", machine(A=task("arn:aws:states:::states:startExecution.sync:2", {
        "StateMachineArn": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:child",
        "Input": {"z": 1}}, Output="{% $states.result.Output %}")), lambda o: o == {"z": 1}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_moto_runs(furnished: EmbeddedAws, case: Case):
    passes(furnished, case)
