"""A large object of parts is one file, and says and gives what it would from memory."""

from __future__ import annotations

import hashlib
import os

import pytest
from botocore.exceptions import ClientError

from local.aws.objects.files import FileBuffer, current

PART = 8 << 20
BUCKET = "large-parts"


@pytest.fixture(scope="module")
def joined(aws):
    """An object of nine parts, and its bytes."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    body = b"".join(os.urandom(1 << 10) * (PART >> 10) for _ in range(8)) + b"the last one"
    upload = s3.create_multipart_upload(
        Bucket=BUCKET, Key="large", Metadata={"as-of": "2020-01-02"}
    )["UploadId"]
    parts = []
    for place in range(9):
        piece = body[place * PART : (place + 1) * PART]
        made = s3.upload_part(
            Bucket=BUCKET, Key="large", UploadId=upload, PartNumber=place + 1, Body=piece
        )
        parts.append({"PartNumber": place + 1, "ETag": made["ETag"]})
    wrong = {"Parts": [*parts[:-1], {"PartNumber": 10, "ETag": parts[-1]["ETag"]}]}
    at = {"Bucket": BUCKET, "Key": "large", "UploadId": upload}
    with pytest.raises(ClientError, match="InvalidPart"):
        s3.complete_multipart_upload(**at, MultipartUpload=wrong)
    s3.complete_multipart_upload(**at, MultipartUpload={"Parts": parts})
    return s3, body


def test_it_is_what_was_sent_whole_and_in_pieces(joined):
    s3, body = joined
    whole = s3.get_object(Bucket=BUCKET, Key="large")
    assert whole["Body"].read() == body
    digests = b"".join(
        hashlib.md5(body[at : at + PART], usedforsecurity=False).digest()
        for at in range(0, len(body), PART)
    )
    etag = hashlib.md5(digests, usedforsecurity=False).hexdigest()
    assert (whole["ETag"], whole["Metadata"]) == (f'"{etag}-9"', {"as-of": "2020-01-02"})
    across = s3.get_object(Bucket=BUCKET, Key="large", Range=f"bytes={PART - 2}-{PART + 1}")
    assert across["Body"].read() == body[PART - 2 : PART + 2]


def test_it_lies_in_one_file_which_a_state_takes_by_a_link(joined, tmp_path):
    _, body = joined
    [one] = current(BUCKET)
    buffer = one._kept._value_buffer
    assert isinstance(buffer, FileBuffer)
    assert one.file is None, "a state would take it for its own file"
    one.write(tmp_path / "kept")
    assert (tmp_path / "kept").read_bytes() == body
    assert (tmp_path / "kept").samefile(buffer.path)


def test_its_file_goes_with_it(joined):
    s3, _ = joined
    [one] = current(BUCKET)
    path = one._kept._value_buffer.path
    s3.delete_object(Bucket=BUCKET, Key="large")
    assert not path.exists()


@pytest.mark.parametrize("size", [70 << 20, 3])
def test_a_file_of_this_machine_is_put_as_the_sdk_uploads_it(joined, aws, tmp_path, size):
    s3, _ = joined
    path = tmp_path / "file"
    path.write_bytes((os.urandom(1 << 20) * (size >> 20) + b"end")[-size:])
    metadata = {"as-of": "2020-01-02"}
    aws.put_file(path, bucket=BUCKET, key="put", metadata=metadata)
    s3.upload_file(str(path), BUCKET, "uploaded", ExtraArgs={"Metadata": metadata})
    put, uploaded = (s3.head_object(Bucket=BUCKET, Key=key) for key in ("put", "uploaded"))
    for name in ("ETag", "ContentLength", "ContentType", "Metadata"):
        assert put[name] == uploaded[name], name
    path.write_bytes(b"changed since")
    s3.download_file(BUCKET, "put", str(tmp_path / "again"))
    s3.download_file(BUCKET, "uploaded", str(tmp_path / "expected"))
    assert (tmp_path / "again").read_bytes() == (tmp_path / "expected").read_bytes()
