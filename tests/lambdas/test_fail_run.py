"""FailRun says what failed and what to do, everywhere somebody looks."""

from __future__ import annotations

import json

import boto3

from adapters.stores.events import UploadRecord
from adapters.stores.runs import FAILED, RUNNING, SUCCEEDED
from adapters.stores.upload_history import UploadHistory
from lambdas.fail_run.handler import handler
from tessera import naming
from tessera.errors import Refused

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


def stored(account, content, *, run_id):
    """Store an upload as Prepare does. What it had before counts until the run has finished."""
    uploads = UploadHistory(account.data, account.identities, tenant="default")
    record = UploadRecord(
        id="a", name="uploads/a.csv", content=content, since="2026", events=1, event_ids=0,
        first_event_at=None, last_event_at=None, currency="", run_id=run_id,
    )  # fmt: skip
    uploads.begin(record)
    account.data.write(f"{uploads.events.folder(record)}part-00000.parquet", b"events")
    for store in (uploads.people, uploads.order_ids):
        folder = store.folder("a", content=content)
        account.identities.write(f"{folder}part-00000.parquet", b"people")
    return uploads


def history_of(account):
    return {
        key
        for bucket in (account.data, account.identities)
        for folder in ("events/", "identities/", "order_ids/")
        for key in bucket.keys(f"tenants/default/{folder}")
    }


def test_what_the_run_stored_is_removed_and_everybody_learns_it(account, messages):
    uploads = stored(account, "old", run_id="r0")
    uploads.keep("a", run_id="r0")
    uploads.settle()
    before = history_of(account)
    account.runs.claim("default", "r1", execution_arn=ARN, started_at="2026-11-22T03:00:00Z")
    stored(account, "new", run_id="r1")
    reply = handler({**EVENT, "state": "Score"}, None)
    assert history_of(account) == before
    words = "The upload was not kept. The history is as it was before this run."
    assert reply["history"] == account.data.read_json(ERROR_KEY)["history"] == words
    heard = messages()
    (event,) = [message for message in heard if "detail" in message]
    (mail,) = [message for message in heard if "Subject" in message]
    assert event["detail"]["history"] == words
    assert words in mail["Message"]


def test_what_a_finished_run_kept_stays(account, messages):
    """FinishRun let the upload count, and died before it could record so."""
    account.runs.claim("default", "r1", execution_arn=ARN, started_at="2026-11-22T03:00:00Z")
    stored(account, "new", run_id="r1").keep("a", run_id="r1")
    reply = handler({**EVENT, "state": "FinishRun"}, None)
    assert "The upload was kept" in reply["history"]
    assert len(history_of(account)) == 4, "pointer, events, identities and order ids"


def test_the_upload_of_another_execution_is_not_touched(account, messages):
    account.runs.claim("default", "r1", execution_arn="other", started_at="2026-11-22T03:00:00Z")
    stored(account, "new", run_id="r1")
    before = history_of(account)
    assert handler(EVENT, None)["history"] == ""
    assert history_of(account) == before


def test_a_run_that_stored_nothing_says_that_the_history_is_as_before(account, messages):
    assert handler(EVENT, None)["history"] == "The history is as it was before this run."


def test_people_learn_of_a_failure_whose_upload_cannot_be_removed_yet(
    account, messages, monkeypatch
):
    account.runs.claim("default", "r1", execution_arn=ARN, started_at="2026-11-22T03:00:00Z")
    stored(account, "new", run_id="r1")

    def refuse(*_args, **_kwargs):
        raise Refused("S3 denied the deletion")

    monkeypatch.setattr(UploadHistory, "settle", refuse)
    assert "the next run removes its files" in handler(EVENT, None)["history"]
    assert messages()


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
