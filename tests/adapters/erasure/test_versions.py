"""Versions are replaced only over what was read, in one request or in parts."""

from __future__ import annotations

import hashlib

import boto3
import pytest
from moto import mock_aws

from adapters.erasure.versions import VersionedObjects
from tessera.campaigns.planning.chunks import REWRITTEN_FROM
from tessera.errors import Retryable
from tessera.naming import REWRITTEN


class SmallParts(VersionedObjects):
    """A bucket where six megabytes are a large file."""

    one_put_bytes, part_bytes = 6 << 20, 5 << 20


@pytest.fixture(scope="module")
def objects(shared_clients):
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="data")
        s3.put_bucket_versioning(Bucket="data", VersioningConfiguration={"Status": "Enabled"})
        yield SmallParts("data")


def version_of(objects, key):
    [version] = [each for each in objects.all_versions(key) if each.is_current]
    return version


@pytest.mark.parametrize("size", [10, 11 << 20])
def test_a_file_takes_the_place_of_the_version_with_its_metadata(objects, tmp_path, size):
    key = f"uploads/{size}.csv"
    objects.write(key, b"before", content_type="text/csv", metadata={"as-of": "2026-11-30"})
    body = bytes([7]) * size
    path = tmp_path / "new"
    path.write_bytes(body)
    objects.replace(version_of(objects, key), path, was=path)
    assert objects.read(key) == body
    head = objects.head(key)
    assert head["Metadata"] == {"as-of": "2026-11-30", REWRITTEN: "yes"}
    assert head["ContentType"] == "text/csv"
    assert len(list(objects.all_versions(key))) == 2


def test_a_chunk_of_a_campaign_notes_what_it_was(objects, tmp_path):
    key, path, was = "tenants/a/campaigns/r/chunks/1.json", tmp_path / "new", tmp_path / "was"
    digests = []
    for body in (b"first", b"second"):
        was.write_bytes(body)
        if not digests:
            objects.write(key, body)
        path.write_bytes(b"second")
        objects.replace(version_of(objects, key), path, was=was)
        digests.append(hashlib.sha256(body).hexdigest())
    assert objects.head(key)["Metadata"] == {REWRITTEN_FROM: " ".join(digests)}


def test_what_somebody_wrote_meanwhile_stays(objects, tmp_path):
    objects.write("tenants/a/x.csv", b"before")
    version = version_of(objects, "tenants/a/x.csv")
    objects.write("tenants/a/x.csv", b"theirs")
    path = tmp_path / "new"
    path.write_bytes(b"ours")
    with pytest.raises(Retryable, match="written meanwhile"):
        objects.replace(version, path, was=path)
    assert objects.read("tenants/a/x.csv") == b"theirs"


def test_folders_are_listed_without_what_is_in_them(objects):
    for key in ("f/b/1", "f/a/x/2", "f/a/3", "f/file"):
        objects.write(key, b"")
    assert objects.folders("f/") == ["a", "b"]
    assert objects.folders("nowhere/") == []


def test_forgetting_leaves_no_version_and_no_marker(objects):
    for key in ("g/1", "g/1", "g/2"):
        objects.write(key, b"x")
    objects.delete(["g/2"])
    objects.forget("g/")
    assert list(objects.all_versions("g/")) == []


def test_a_document_is_written_over_the_one_that_was_read_only(objects):
    objects.write_json("h/state.json", {"n": 1})
    value, etag = objects.tagged_json("h/state.json")
    assert value == {"n": 1}
    assert objects.replace_json("h/state.json", {"n": 2}, etag=etag)
    assert not objects.replace_json("h/state.json", {"n": 3}, etag=etag)
    assert objects.read_json("h/state.json") == {"n": 2}
