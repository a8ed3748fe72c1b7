"""FinishRun writes summary, manifest and report, and notifies everybody."""

from __future__ import annotations

import json
from pathlib import Path

import boto3
import pytest

from adapters.stores.events import UploadRecord
from adapters.stores.runs import SUCCEEDED
from adapters.stores.upload_history import UploadHistory
from lambdas.finish_run.handler import handler
from tessera import naming
from tessera.contracts.tables import CATALOGUED
from tessera.errors import InvalidInput

DATA = Path(__file__).parents[1] / "data" / "online_retail_run.json"
RECORDS = json.loads(DATA.read_text())
RUN_ID = RECORDS["ticket"]["run_id"]
FOLDER = f"tenants/default/runs/{RUN_ID}/"
EVENT = {"tenant": "default", "run_id": RUN_ID}


@pytest.fixture
def ran(account, catalogued, messages):
    account.data.write_json(FOLDER + "ticket.json", RECORDS["ticket"])
    account.data.write_json(FOLDER + "prepare.json", RECORDS["prepare"])
    account.data.write_json(FOLDER + "score/score.json", RECORDS["score"])
    for report, load in zip(RECORDS["destinations"], RECORDS["loads"], strict=True):
        folder = f"{FOLDER}destinations/{report['destination']}/"
        account.identities.write_json(folder + "report.json", report)
        account.identities.write_json(folder + "load.json", load)
    account.runs.claim("default", RUN_ID, execution_arn="one", started_at="2026-11-22T03:00:00Z")
    return account


def test_the_four_files_are_written(ran):
    reply = handler(EVENT, None)
    assert reply["report"] == f"s3://data/{FOLDER}report.html"
    summary = ran.data.read_json(FOLDER + "summary.json")
    insights = ran.data.read_json(FOLDER + "insights.json")
    manifest = ran.data.read_json(FOLDER + "manifest.json")
    report = ran.data.read(FOLDER + "report.html").decode()
    assert summary["customers"] == insights["overview"]["customers"] == 4338
    assert manifest["run"]["run_id"] == RUN_ID
    assert report.startswith("<!doctype html>")
    assert ran.data.head(FOLDER + "report.html")["ContentType"] == "text/html; charset=utf-8"


def test_insights_have_the_cost_of_the_seconds_that_jobs_reported(ran):
    handler({**EVENT, "seconds": {"Prepare": 36.0, "MapSchema": 20}}, None)
    insights = ran.data.read_json(FOLDER + "insights.json")
    usd = {step["step"]: step["usd"] for step in insights["cost"]["steps"]}
    assert usd == {
        "Prepare": 0.0023, "TrainKMeans": None, "TrainForecasts": None, "Score": None,
        "MapSchema": 0.014667,  # of a minute, which Glue bills at least
    }  # fmt: skip
    assert insights["cost"]["usd"] == 0.016967
    assert insights["expected_cost"]["region"] == "us-east-1"


def test_the_profiles_are_catalogued(ran, catalogued):
    handler(EVENT, None)
    (partition,) = catalogued()
    assert partition["Values"] == ["default", "2011-12-10", RUN_ID]
    assert partition["StorageDescriptor"]["Location"] == (
        f"s3://data/tenants/default/profiles/as_of=2011-12-10/run={RUN_ID}/"
    )


@pytest.mark.parametrize("table", [table.name for table in CATALOGUED])
def test_every_catalogued_table_gets_the_runs_folder(ran, table):
    handler(EVENT, None)
    glue = boto3.client("glue")
    [partition] = glue.get_partitions(DatabaseName="tessera", TableName=table)["Partitions"]
    folder = f"tenants/default/{table}/as_of=2011-12-10/run={RUN_ID}/"
    assert partition["StorageDescriptor"]["Location"] == f"s3://data/{folder}"


def test_the_run_has_succeeded_and_is_what_the_next_one_compares_itself_with(ran):
    handler(EVENT, None)
    assert ran.runs.get("default", RUN_ID).status == SUCCEEDED
    latest = ran.data.read_json("tenants/default/latest.json")
    assert latest == {"run_id": RUN_ID, "as_of": "2011-12-10"}
    assert ran.data.read("latest_runs/default.csv") == f"default,2011-12-10,{RUN_ID}\n".encode()


def test_people_and_programs_are_notified(ran, messages):
    handler(EVENT, None)
    heard = messages()
    (event,) = [message for message in heard if "detail" in message]
    (mail,) = [message for message in heard if "Subject" in message]
    assert event["detail-type"] == "Run Finished"
    assert event["detail"]["customers"] == 4338
    assert event["detail"]["segments"]["Champions"] == 796
    assert mail["Subject"] == "Tessera: 4,338 customers segmented (default)"
    assert "398,412 read, 397,884 accepted" in mail["Message"]
    assert f"s3://data/{FOLDER}report.html" in mail["Message"]


def test_a_destination_that_failed_is_counted_for_the_alarm_and_reported(ran, messages, capsys):
    handler(EVENT, None)
    assert _metric(capsys)["FailedDestinations"] == [0]
    messages()
    folder = f"{FOLDER}destinations/customer_profiles/"
    report = ran.identities.read_json(folder + "report.json")
    why = {"state": "StartLoad", "error": "Refused", "message": "no permission"}
    ran.identities.write_json(
        folder + "report.json", {**report, "failed": why, "message": "Failed at StartLoad: no."}
    )
    handler(EVENT, None)
    line = _metric(capsys)
    [about] = line["_aws"]["CloudWatchMetrics"]
    assert (line["FailedDestinations"], line["Stage"]) == ([1], "test")
    assert (about["Namespace"], about["Dimensions"]) == ("Tessera", [["Stage"]])
    heard = messages()
    (event,) = [message for message in heard if "detail" in message]
    (mail,) = [message for message in heard if "Subject" in message]
    assert event["detail"]["failed_destinations"] == ["customer_profiles"]
    assert mail["Subject"].endswith(", but customer_profiles failed")
    assert "customer_profiles: Failed at StartLoad: no." in mail["Message"]


def _metric(capsys):
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    [metric] = [line for line in lines if "_aws" in line]
    return metric


def test_a_retry_writes_the_same_again(ran, catalogued):
    handler(EVENT, None)
    first = ran.data.read_json(FOLDER + "manifest.json")["reproducible"]
    handler(EVENT, None)
    assert ran.data.read_json(FOLDER + "manifest.json")["reproducible"] == first
    assert len(catalogued()) == 1


UPLOAD_ID = RECORDS["ticket"]["upload"]["id"]


def stored(account, content: str, *, run_id: str) -> UploadHistory:
    """Store the run's upload as Prepare does, with a file in each store."""
    uploads = UploadHistory(account.data, account.identities, tenant="default")
    record = UploadRecord(
        id=UPLOAD_ID, name="uploads/a.csv", content=content, since="2026", events=1, event_ids=0,
        first_event_at=None, last_event_at=None, currency="", run_id=run_id,
    )  # fmt: skip
    uploads.begin(record)
    account.data.write(f"{uploads.events.folder(record)}part-00000.parquet", b"events")
    for store in (uploads.people, uploads.order_ids):
        folder = store.folder(UPLOAD_ID, content=content)
        account.identities.write(f"{folder}part-00000.parquet", b"people")
    return uploads


def history_of(account) -> set[str]:
    prefixes = ("tenants/default/events/", "tenants/default/identities/",
                "tenants/default/order_ids/")  # fmt: skip
    buckets = (account.data, account.identities)
    return {key for bucket in buckets for prefix in prefixes for key in bucket.keys(prefix)}


@pytest.fixture
def storing(ran):
    """The run replaces an upload, which counts until the run has finished."""
    uploads = stored(ran, "old", run_id="r0")
    uploads.keep(UPLOAD_ID, run_id="r0")
    uploads.settle("r0")
    ran.data.write_json(FOLDER + "prepare.json", RECORDS["prepare"] | {"pending": True})
    stored(ran, "new", run_id=RUN_ID)
    return ran


def test_the_runs_upload_counts_from_now_on_and_not_what_it_had_before(storing):
    handler(EVENT, None)
    uploads = UploadHistory(storing.data, storing.identities, tenant="default")
    [record] = uploads.events.uploads()
    assert (record.content, record.run_id) == ("new", RUN_ID)
    assert len(history_of(storing)) == 4
    assert all("content=new" in key or "_upload" in key for key in history_of(storing))


def test_a_retry_after_the_upload_was_kept_changes_nothing(storing):
    handler(EVENT, None)
    before = history_of(storing)
    handler(EVENT, None)
    assert history_of(storing) == before


def test_a_late_retry_keeps_what_the_next_run_has_done(storing):
    handler(EVENT, None)
    uploads = stored(storing, "newer", run_id="r9")
    uploads.keep(UPLOAD_ID, run_id="r9")
    uploads.settle("r9")
    storing.data.write_json("tenants/default/latest.json", {"run_id": "r9", "as_of": "2012-01-01"})
    before = history_of(storing)
    handler(EVENT, None)
    assert history_of(storing) == before
    assert storing.data.read_json("tenants/default/latest.json")["run_id"] == "r9"


def test_a_run_whose_upload_is_gone_does_not_finish(storing):
    UploadHistory(storing.data, storing.identities, tenant="default").settle(RUN_ID)
    with pytest.raises(InvalidInput, match=r"stored is gone.* start a new execution"):
        handler(EVENT, None)
    assert storing.runs.get("default", RUN_ID).status != SUCCEEDED
    assert not storing.data.exists("tenants/default/latest.json")


@pytest.mark.parametrize("expired", [False, True])
def test_the_trend_goes_on_from_the_previous_runs_summary(ran, expired):
    handler(EVENT, None)
    earlier = ran.data.read_json(FOLDER + "summary.json")
    earlier["trend"][0] |= {"run_id": "before", "as_of": "2011-11-10"}
    if not expired:
        ran.data.write_json("tenants/default/runs/before/summary.json", earlier)
    score = RECORDS["score"] | {"previous": {"run_id": "before", "as_of": "2011-11-10"}}
    ran.data.write_json(FOLDER + "score/score.json", score)

    handler(EVENT, None)

    trend = ran.data.read_json(FOLDER + "summary.json")["trend"]
    assert [point["run_id"] for point in trend] == [*["before"] * (not expired), RUN_ID]


def bring(ran, number: int, *, folder: str = "uploads/default/database-orders/") -> None:
    """Write the documents of a run of a source's upload, and finish it."""
    ticket, run_id = RECORDS["ticket"], f"r{number}"
    upload = ticket["upload"] | {"name": folder}
    day = {"run_id": run_id, "upload": upload, "started_at": f"2026-11-0{number}T03:00:00.000Z"}
    files = {"ticket.json": ticket | day, "prepare.json": RECORDS["prepare"] | {"run_id": run_id}}
    for name, document in {**files, "score/score.json": RECORDS["score"]}.items():
        ran.data.write_json(f"tenants/default/runs/{run_id}/{name}", document)
    for report, load in zip(RECORDS["destinations"], RECORDS["loads"], strict=True):
        of_run = f"tenants/default/runs/{run_id}/destinations/{report['destination']}/"
        ran.identities.write_json(of_run + "report.json", report)
        ran.identities.write_json(of_run + "load.json", load)
    ran.runs.claim("default", run_id, execution_arn=run_id, started_at=day["started_at"])
    handler({"tenant": "default", "run_id": run_id}, None)


def test_a_source_is_known_from_run_to_run_and_its_lateness_is_counted(ran, capsys):
    for number in range(1, 8):
        bring(ran, number)
    handler({"tenant": "default", "run_id": "r7"}, None)  # again: it is one arrival
    summary = ran.data.read_json("tenants/default/runs/r7/summary.json")
    assert [each["run_id"] for each in summary["arrivals"]["database-orders"]] == [
        f"r{number}" for number in range(1, 8)
    ]
    insights = ran.data.read_json("tenants/default/runs/r7/insights.json")
    [source] = insights["sources"]
    assert (source["source"], source["volume"], source["is_late"]) == (
        "database-orders", "usual", True,
    )  # fmt: skip
    assert any("'database-orders' is late" in each for each in insights["warnings"])
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    assert [each["UnhealthySources"] for each in metrics if "UnhealthySources" in each][-1] == [1.0]


def test_a_shop_whose_uploads_come_from_people_has_no_metric_of_sources(ran, capsys):
    handler(EVENT, None)
    assert "UnhealthySources" not in capsys.readouterr().out
    [source] = ran.data.read_json(FOLDER + "insights.json")["sources"]
    assert (source["source"], source["volume"]) == ("uploads", "too_few")


def test_a_step_that_left_no_record_is_named(ran):
    ran.data.delete_prefix(FOLDER + "score/")
    with pytest.raises(InvalidInput, match=r"score\.json does not exist"):
        handler(EVENT, None)
    assert ran.runs.get("default", RUN_ID).status != SUCCEEDED


def test_what_sagemaker_wrote_expires_with_the_runs_other_files(ran):
    key = FOLDER + "model/job/output/model.tar.gz"
    boto3.client("s3").put_object(Bucket="data", Key=key, Body=b"written by SageMaker")
    handler(EVENT, None)
    tags = boto3.client("s3").get_object_tagging(Bucket="data", Key=key)["TagSet"]
    assert tags == [{"Key": naming.EXPIRES, "Value": naming.RUN_FILE}]
