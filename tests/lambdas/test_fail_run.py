"""FailRun says what failed and what to do, everywhere somebody looks."""

from __future__ import annotations

import json

import boto3

from adapters.stores.runs import FAILED, RUNNING, SUCCEEDED
from lambdas.fail_run.handler import handler
from tessera import naming

ARN = "arn:aws:states:us-east-1:123456789012:execution:machine:one"
CAUSE = json.dumps(
    {"errorType": "InvalidInput", "errorMessage": "s3://data/uploads/x.csv is empty"}
)
EVENT = {
    "tenant": "default",
    "run_id": "r1",
    "state": "CheckUpload",
    "error": {"Error": "InvalidInput", "Cause": CAUSE},
    "execution_arn": ARN,
}
ERROR_KEY = "tenants/default/runs/r1/error.json"


def test_error_json_says_why_and_what_to_do(account, messages):
    reply = handler(EVENT, None)
    written = account.data.read_json(ERROR_KEY)
    assert written["state"] == "CheckUpload"
    assert written["error"] == "InvalidInput"
    assert written["message"] == "s3://data/uploads/x.csv is empty"
    assert "upload the file again" in written["what_to_do"]
    assert written["execution_arn"] == ARN
    assert written["failed_at"].endswith("+00:00")
    assert reply["error"] == "InvalidInput"


def test_the_runs_table_knows(account, messages):
    account.runs.claim("default", "r1", execution_arn=ARN, started_at="2026-11-22T03:00:00Z")
    handler(EVENT, None)
    assert account.runs.get("default", "r1").status == FAILED


def test_a_run_of_another_execution_is_left_alone(account, messages):
    account.runs.claim("default", "r1", execution_arn="other", started_at="2026-11-22T03:00:00Z")
    handler(EVENT, None)
    assert account.runs.get("default", "r1").status == RUNNING


def test_earlier_results_stay_in_force(account, messages):
    account.runs.claim("default", "r0", execution_arn=ARN, started_at="2026-11-22T03:00:00Z")
    account.runs.finish("default", "r0", finished_at="2026-11-22T03:00:00Z")
    account.data.write("tenants/default/runs/r0/report.html", b"earlier")
    handler(EVENT, None)
    assert account.data.read("tenants/default/runs/r0/report.html") == b"earlier"
    assert account.runs.get("default", "r0").status == SUCCEEDED


def test_people_and_programs_are_notified(account, messages):
    handler(EVENT, None)
    heard = messages()
    (event,) = [message for message in heard if "detail" in message]
    (mail,) = [message for message in heard if "Subject" in message]
    assert event["detail-type"] == "Run Failed"
    assert event["detail"]["error"] == "InvalidInput"
    assert "CheckUpload" in mail["Subject"]
    assert f"s3://data/{ERROR_KEY}" in mail["Message"]


def test_nobody_is_named(account, messages):
    raw = "customer-17@example.com"
    cause = json.dumps(
        {"errorType": "ValueError", "errorMessage": f"bad row '{raw}' +1 212 555-0123"}
    )
    handler({**EVENT, "error": {"Error": "ValueError", "Cause": cause}}, None)
    everything = account.data.read(ERROR_KEY).decode() + json.dumps(messages())
    assert raw not in everything
    assert "555-0123" not in everything


def test_an_error_without_a_cause_is_still_reported(account, messages):
    handler({**EVENT, "state": "Prepare", "error": {"Error": "States.Timeout"}}, None)
    assert account.data.read_json(ERROR_KEY)["error"] == "Timeout"


def test_what_sagemaker_wrote_expires_with_the_runs_other_files(account, messages):
    key = "tenants/default/runs/r1/" + "model/job/output/model.tar.gz"
    boto3.client("s3").put_object(Bucket="data", Key=key, Body=b"written by SageMaker")
    handler(EVENT, None)
    tags = boto3.client("s3").get_object_tagging(Bucket="data", Key=key)["TagSet"]
    assert tags == [{"Key": naming.EXPIRES, "Value": naming.RUN_FILE}]
