"""EraseData as its container runs it, against S3 with versions, DynamoDB and Secrets Manager."""

from __future__ import annotations

import datetime as dt
import io
import json

import boto3
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from adapters.erasure.cases import CaseFiles
from adapters.erasure.versions import VersionedObjects
from tessera import naming
from tessera.erasure.request import ErasureRequest
from tessera.events.pseudonym import customer_keys

SECRET, NOW = "a secret that no customer knows", dt.datetime(2026, 11, 30, tzinfo=dt.UTC)
ANN, MAIL = "A-17", "ann@example.com"
KEY, BO = (customer_keys(SECRET.encode(), tenant="acme")(name) for name in (ANN, "bo"))


def table(**columns):
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


@pytest.fixture
def case(runs_table):
    """Both buckets with a customer in them, and a request to erase her."""
    s3 = boto3.client("s3")
    for name in ("data", "identities"):
        s3.create_bucket(Bucket=name)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    boto3.client("secretsmanager").create_secret(Name="pseudonyms", SecretString=SECRET)
    dynamodb = boto3.client("dynamodb")
    dynamodb.create_table(
        TableName="labels", BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "customer", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "customer", "AttributeType": "S"}],
    )  # fmt: skip
    dynamodb.put_item(TableName="labels", Item={"customer": {"S": f"acme/{KEY}"}})
    data, identities = VersionedObjects("data"), VersionedObjects("identities")
    who = table(
        customer_key=[KEY, BO], customer_id=[ANN, "bo"], channel_type=["EMAIL", "EMAIL"],
        address=[MAIL, "bo@example.com"],
    )  # fmt: skip
    folder = naming.identities_prefix("acme", "1")
    identities.write(f"{folder}content=a/part-0.parquet", who)
    for body in (f"CustomerID\n{ANN}\nbo\n", f"CustomerID\nbo\n{ANN}\n"):
        data.write("uploads/acme/orders.csv", body.encode())
    files = CaseFiles(data, identities, tenant="acme", case="dsr-1")
    files.open(ErasureRequest(case="dsr-1", tenant="acme", terms=(MAIL,), requested_at=NOW))
    return files


def run_of(upload):
    item = {
        "tenant": "acme", "run_id": "r1", "status": "SUCCEEDED", "upload": upload,
        "execution_arn": "a", "started_at": dt.datetime.now(dt.UTC).isoformat(),
    }  # fmt: skip
    boto3.client("dynamodb").put_item(
        TableName="runs", Item={name: {"S": value} for name, value in item.items()}
    )


@pytest.fixture
def erase(case, call_job, tmp_path):
    environment = {
        "ML_ROOT": str(tmp_path), "DATA_BUCKET": "data", "IDENTITIES_BUCKET": "identities",
        "PSEUDONYM_SECRET": "pseudonyms", "RUNS_TABLE": "runs", "LABELS_TABLE": "labels",
    }  # fmt: skip
    return lambda: call_job("erase", ["--tenant", "acme", "--case", "dsr-1"], env=environment)


def versions(bucket, key):
    s3 = boto3.client("s3")
    listed = s3.list_object_versions(Bucket=bucket, Prefix=key)
    return [
        s3.get_object(Bucket=bucket, Key=key, VersionId=one["VersionId"])["Body"].read()
        for one in listed.get("Versions", [])
    ]


def test_it_takes_a_person_out_of_all_versions_and_tables_and_logs_nobody(case, erase):
    run_of("uploads/acme/orders.csv")
    done = erase()
    assert done.returncode == 0, done.stdout + done.stderr
    assert versions("data", "uploads/acme/orders.csv") == [b"CustomerID\nbo\n"]
    head = boto3.client("s3").head_object(Bucket="data", Key="uploads/acme/orders.csv")
    assert head["Metadata"] == {naming.REWRITTEN: "yes"}
    [identities] = versions(
        "identities", f"{naming.identities_prefix('acme', '1')}content=a/part-0.parquet"
    )
    assert pq.read_table(io.BytesIO(identities)).column("customer_id").to_pylist() == ["bo"]
    assert boto3.client("dynamodb").scan(TableName="labels")["Items"] == []
    state = case.state()
    assert state["steps"][-1] == "searched"
    assert state["search"]["hits"] == 0
    assert state["tables"] == {"live labels": 1}
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert {(line["tenant"], line["run_id"]) for line in lines} == {("acme", "dsr-1")}
    assert not [one for one in (ANN, MAIL, KEY) if one in done.stdout + json.dumps(state)]


def test_an_upload_on_its_way_to_its_run_is_left(case, erase):
    assert erase().returncode == 0
    assert case.state()["search"] == {
        "versions": 2, "hits": 1, "waiting": 1, "later": 0, "last_later_at": None,
        "unread": {}, "unread_columns": [],
    }  # fmt: skip
    run_of("uploads/acme/orders.csv")
    case.write_state({**case.state(), "open": True})
    assert erase().returncode == 0
    assert case.state()["search"]["hits"] == 0


def test_who_is_unknown_is_refused_and_the_job_does_not_fail(case, erase):
    case.forget_people()
    case.write_state({"requested_at": NOW.isoformat(), "customers": 1})
    assert erase().returncode == 0
    assert "nobody to erase" in case.known().why
