"""Addresses for uploads: they name one key and one size, and nothing else fits their signature."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber

from adapters.aws import presigned_uploads
from adapters.aws.presigned_uploads import PresignedUploads


@pytest.fixture
def client(aws_environment):
    return boto3.client("s3", config=Config(signature_version="s3v4"))


def signed_headers(url: str) -> str:
    return parse_qs(urlsplit(url).query)["X-Amz-SignedHeaders"][0]


def test_the_size_is_signed(client):
    url = PresignedUploads("data", client=client).put("uploads/acme/o.csv", size=9, seconds=60)
    assert urlsplit(url).path.endswith("uploads/acme/o.csv")
    assert signed_headers(url) == "content-length;host"
    assert parse_qs(urlsplit(url).query)["X-Amz-Expires"] == ["60"]


def test_parts_cover_the_file_without_a_gap_and_each_size_is_signed(client):
    size = 6 * 1024**3 + 1
    with Stubber(client) as stub:
        stub.add_response("create_multipart_upload", {"UploadId": "u"})
        made = PresignedUploads("data", client=client).parts("k", size=size, seconds=60)
    ends = [part.offset + part.bytes for part in made.parts]
    assert [part.offset for part in made.parts] == [0, *ends[:-1]]
    assert ends[-1] == size
    assert all(signed_headers(part.url) == "content-length;host" for part in made.parts)
    assert parse_qs(urlsplit(made.complete_url).query)["uploadId"] == ["u"]


def test_a_file_of_any_size_has_at_most_ten_thousand_parts(client, monkeypatch):
    # To sign ten thousand addresses takes seconds, and they are not looked at.
    monkeypatch.setattr(client, "generate_presigned_url", lambda *_, **__: "https://signed.example")
    with Stubber(client) as stub:
        stub.add_response("create_multipart_upload", {"UploadId": "u"})
        made = PresignedUploads("data", client=client).parts("k", size=5 * 1024**4, seconds=60)
    assert len(made.parts) <= 10_000


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_an_address_names_the_host_of_the_region(aws_environment, monkeypatch, region):
    """Any other host redirects, which a browser does not follow with a PUT."""

    def s3(*, config):
        return boto3.client("s3", config=config, region_name=region)

    monkeypatch.setattr(presigned_uploads.clients, "s3", s3)
    url = PresignedUploads("data").put("uploads/acme/o.csv", size=9, seconds=60)
    assert urlsplit(url).hostname == f"data.s3.{region}.amazonaws.com"
