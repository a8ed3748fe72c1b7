"""An object is fetched in pieces, and each piece costs what it is."""

from __future__ import annotations

import hashlib
import os

import pytest
from botocore.exceptions import ClientError

SIZE = 24 << 20


@pytest.fixture(scope="module")
def large(aws):
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="ranges")
    body = os.urandom(1 << 20) * (SIZE >> 20)
    s3.put_object(Bucket="ranges", Key="large", Body=body)
    return s3, body


def _get(s3, span: str) -> tuple[bytes, str]:
    response = s3.get_object(Bucket="ranges", Key="large", Range=span)
    return response["Body"].read(), response["ContentRange"]


@pytest.mark.parametrize(("span", "start", "stop"), [
    ("bytes=0-9", 0, 10),
    ("bytes=8388608-16777215", 8 << 20, 16 << 20),
    (f"bytes={SIZE - 3}-", SIZE - 3, SIZE),
    (f"bytes={SIZE - 3}-{SIZE + 99}", SIZE - 3, SIZE),
])  # fmt: skip
def test_a_range_is_that_piece(large, span, start, stop):
    s3, body = large
    assert _get(s3, span) == (body[start:stop], f"bytes {start}-{stop - 1}/{SIZE}")


def test_a_range_beyond_the_end_is_refused(large):
    s3, _ = large
    with pytest.raises(ClientError, match="range"):
        _get(s3, f"bytes={SIZE}-")


def test_the_end_of_an_object_and_all_of_it_are_as_ever(large):
    s3, body = large
    assert _get(s3, "bytes=-5")[0] == body[-5:]
    assert s3.get_object(Bucket="ranges", Key="large")["Body"].read() == body


def test_only_the_piece_is_read(large, monkeypatch):
    from moto.s3.models import s3_backends

    s3, body = large
    [backend] = [one for account in s3_backends.values() for one in account.values()
                 if "ranges" in one.buckets]  # fmt: skip
    buffer = backend.buckets["ranges"].keys["large"]._value_buffer
    read = []

    class Counted:
        seek = buffer.seek

        def read(self, size: int = -1) -> bytes:
            piece = buffer.read(size)
            read.append(len(piece))
            return piece

    monkeypatch.setattr(backend.buckets["ranges"].keys["large"], "_value_buffer", Counted())
    assert _get(s3, "bytes=100-199")[0] == body[100:200]
    assert read == [100]


def test_a_download_in_many_pieces_is_whole(large, tmp_path):
    s3, body = large
    s3.download_file("ranges", "large", str(tmp_path / "large"))
    digest = hashlib.sha256((tmp_path / "large").read_bytes()).hexdigest()
    assert digest == hashlib.sha256(body).hexdigest()
