"""Versions are listed as they are, and their bytes stay where they are."""

from __future__ import annotations

import io

import pytest

BUCKET = "listed-versions"
LARGE = b"a part of it" * 800_000  # more than the SDK sends in one part


@pytest.fixture
def versions(aws):
    """Two versions of an object, the later one in parts, and a marker beside them."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=BUCKET, Key="both", Body=b"small")
    s3.upload_fileobj(io.BytesIO(LARGE), BUCKET, "both")
    s3.put_object(Bucket=BUCKET, Key="gone", Body=b"x")
    s3.delete_object(Bucket=BUCKET, Key="gone")
    return s3


def test_each_version_is_listed_and_can_be_read_afterwards(versions):
    for _ in range(2):
        page = versions.list_object_versions(Bucket=BUCKET)
    seen = {(one["Key"], one["Size"], one["IsLatest"]) for one in page["Versions"]}
    assert seen == {("both", len(LARGE), True), ("both", 5, False), ("gone", 1, False)}
    assert [(one["Key"], one["IsLatest"]) for one in page["DeleteMarkers"]] == [("gone", True)]
    for one in page["Versions"]:
        got = versions.get_object(Bucket=BUCKET, Key=one["Key"], VersionId=one["VersionId"])
        assert got["ETag"] == one["ETag"]
        assert len(got["Body"].read()) == one["Size"]
