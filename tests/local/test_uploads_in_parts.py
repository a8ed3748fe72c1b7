"""A large file arrives in parts at the addresses that were signed for it, byte by byte."""

from __future__ import annotations

import os
import urllib.request

import pytest

from adapters.aws.presigned_uploads import PresignedUploads

MIB = 1 << 20


@pytest.fixture(scope="module")
def s3(aws):
    client = aws.client("s3")
    client.create_bucket(Bucket="parts")
    return client


def _send(method: str, url: str, body: bytes) -> tuple[str, bytes]:
    headers = {"content-type": "text/plain;charset=UTF-8"}  # as a browser's fetch sends a text
    request = urllib.request.Request(url, data=body, method=method, headers=headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return str(answer.headers["etag"]), answer.read()


def test_the_parts_are_joined_to_the_file_that_was_sent(s3):
    file = os.urandom(11 * MIB + 3)
    uploads = PresignedUploads("parts", client=s3, smallest_part_bytes=5 * MIB)
    signed = uploads.parts("uploads/acme/o.csv", size=len(file), seconds=60)
    assert [part.bytes for part in signed.parts] == [5 * MIB, 5 * MIB, MIB + 3]
    etags = [
        _send("PUT", part.url, file[part.offset : part.offset + part.bytes])[0]
        for part in signed.parts
    ]
    listed = "".join(
        f"<Part><PartNumber>{part.number}</PartNumber><ETag>{etag}</ETag></Part>"
        for part, etag in zip(signed.parts, etags, strict=True)
    )
    body = f"<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>"
    _, joined = _send("POST", signed.complete_url, body.encode())
    assert b"<CompleteMultipartUploadResult" in joined
    assert s3.get_object(Bucket="parts", Key="uploads/acme/o.csv")["Body"].read() == file
