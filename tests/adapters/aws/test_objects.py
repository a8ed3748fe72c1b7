"""Objects of a bucket, and what S3's errors mean."""

from __future__ import annotations

import datetime as dt

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber
from moto import mock_aws

from adapters.aws.objects import Objects
from tessera.errors import InvalidInput, Refused, Retryable
from tessera.naming import EXPIRES, REJECTED_ROWS, RUN_FILE

AT = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)


@pytest.fixture
def objects(aws_environment):
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="data")
        client.put_bucket_versioning(Bucket="data", VersioningConfiguration={"Status": "Enabled"})
        yield Objects("data")


def test_what_is_written_is_read(objects):
    objects.write("a/b", b"12345", content_type="text/plain")
    assert objects.read("a/b") == b"12345"
    assert objects.read_start("a/b", 3) == b"123"
    assert objects.head("a/b")["ContentType"] == "text/plain"
    assert objects.exists("a/b")
    assert not objects.exists("a/c")


def test_the_start_of_an_empty_object_is_empty(objects):
    objects.write("empty", b"")
    assert objects.read_start("empty", 10) == b""


def test_a_version_stays_what_it_was(objects, tmp_path):
    objects.write("x", b"one")
    version = objects.head("x")["VersionId"]
    objects.write("x", b"two")
    assert objects.read("x", version_id=version) == b"one"
    assert objects.read("x") == b"two"
    path = objects.download("x", tmp_path / "deep" / "x", version_id=version)
    assert path.read_bytes() == b"one"


def test_json_is_written_the_same_whatever_its_order(objects):
    objects.write_json("a", {"b": 1, "a": "é"})
    objects.write_json("b", {"a": "é", "b": 1})
    assert objects.read("a") == objects.read("b")
    assert objects.read_json("a") == {"a": "é", "b": 1}


def test_keys_are_listed_in_order_with_their_sizes(objects):
    for key in ("p/2", "p/1", "q/1"):
        objects.write(key, key.encode())
    assert list(objects.keys("p/")) == ["p/1", "p/2"]
    assert objects.sizes("p/") == {"p/1": 3, "p/2": 3}


def test_a_prefix_is_deleted_and_nothing_else(objects, tmp_path):
    for key in ("p/1", "p/2", "q/1"):
        (tmp_path / "file").write_text(key)
        objects.upload(tmp_path / "file", key)
    assert objects.delete_prefix("p/") == 2
    assert objects.delete_prefix("p/") == 0
    assert list(objects.keys("")) == ["q/1"]


def test_a_missing_object_is_named(objects):
    with pytest.raises(InvalidInput, match="s3://data/nothing does not exist"):
        objects.read("nothing")
    with pytest.raises(InvalidInput, match="s3://data/nothing"):
        objects.head("nothing")


def test_a_missing_bucket_is_named(objects):
    with pytest.raises(InvalidInput, match="s3://elsewhere/x"):
        Objects("elsewhere").read("x")


@pytest.mark.parametrize(
    ("code", "status", "meaning"),
    [
        ("AccessDenied", 403, Refused),
        ("SlowDown", 503, Retryable),
        ("InternalError", 500, Retryable),
        ("InvalidRequest", 400, Refused),
    ],
)
def test_what_s3_says_becomes_what_to_do(aws_environment, code, status, meaning):
    client = boto3.client("s3")
    with Stubber(client) as stub:
        stub.add_client_error("get_object", code, http_status_code=status)
        with pytest.raises(meaning, match="s3://data/x"):
            Objects("data", client=client).read("x")


def test_a_service_out_of_reach_is_tried_again():
    class Away:
        def get_object(self, **_):
            raise EndpointConnectionError(endpoint_url="https://example.com")

    with pytest.raises(Retryable, match="could not be reached"):
        Objects("data", client=Away()).read("x")


def test_an_object_that_s3_keeps_is_not_counted_as_deleted(aws_environment):
    client = boto3.client("s3", region_name="us-east-1")
    with Stubber(client) as stub:
        stub.add_response(
            "list_objects_v2", {"Contents": [{"Key": "a/1", "Size": 1, "LastModified": AT}]}
        )
        stub.add_response("delete_objects", {"Errors": [{"Key": "a/1", "Code": "AccessDenied"}]})
        with pytest.raises(Refused, match=r"a/1 \(AccessDenied\)"):
            Objects("data", client=client).delete_prefix("a/")


def tags(objects, key):
    tag_set = boto3.client("s3").get_object_tagging(Bucket=objects.bucket, Key=key)["TagSet"]
    return {tag["Key"]: tag["Value"] for tag in tag_set}


def test_a_runs_file_is_written_with_the_tag_by_which_it_expires(objects, tmp_path):
    (tmp_path / "rows").write_bytes(b"rows")
    objects.write("tenants/acme/runs/1/ticket.json", b"{}")
    objects.upload(tmp_path / "rows", "tenants/acme/runs/1/rejects.csv.gz")
    objects.upload(tmp_path / "rows", "tenants/acme/events/upload=1/part-0.parquet")
    assert tags(objects, "tenants/acme/runs/1/ticket.json") == {EXPIRES: RUN_FILE}
    assert tags(objects, "tenants/acme/runs/1/rejects.csv.gz") == {EXPIRES: REJECTED_ROWS}
    assert tags(objects, "tenants/acme/events/upload=1/part-0.parquet") == {}


def test_what_a_service_wrote_is_tagged_afterwards(objects):
    client, key = boto3.client("s3"), "tenants/acme/runs/1/model/job/output/model.tar.gz"
    client.put_object(Bucket="data", Key=key, Body=b"model")
    objects.tag_prefix("tenants/acme/runs/1/model/")
    assert tags(objects, key) == {EXPIRES: RUN_FILE}
    objects.tag_prefix("tenants/acme/runs/1/churn/")  # nothing there
