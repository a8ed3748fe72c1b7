"""Where a file may be put, and that nothing says where that was."""

from __future__ import annotations

import base64
import hashlib

import pytest

from adapters.http import presigned
from tessera.errors import Refused, Retryable

KEY = base64.b64encode(b"k" * 32).decode()
AWS = "https://profile.us-east-1.amazonaws.com"
URL = "https://bucket.s3.us-east-1.amazonaws.com/file?X-Amz-Signature=abc"


class Pool:
    """Answers with a status, or fails."""

    def __init__(self, status: int | Exception) -> None:
        self.status = status
        self.asked: list[tuple] = []

    def request(self, *asked, **more):
        self.asked.append((asked, more))
        if isinstance(self.status, Exception):
            raise self.status
        return self


@pytest.fixture
def pool(monkeypatch):
    def make(status: int | Exception) -> Pool:
        made = Pool(status)
        monkeypatch.setattr(presigned, "_pool", lambda: made)
        return made

    return make


def test_a_file_goes_with_the_key_and_its_digest(pool):
    made = pool(200)
    presigned.put(URL, b"file", key=KEY, endpoint=AWS)
    (((method, url), more),) = made.asked
    assert (method, url, more["body"], more["redirect"]) == ("PUT", URL, b"file", False)
    sent = {name.removeprefix("x-amz-server-side-encryption-customer-"): value
            for name, value in more["headers"].items()}  # fmt: skip
    digest = hashlib.md5(b"k" * 32, usedforsecurity=False).digest()
    assert sent == {
        "algorithm": "AES256",
        "key": KEY,
        "key-MD5": base64.b64encode(digest).decode(),
    }


@pytest.mark.parametrize(
    "url",
    [
        "http://bucket.s3.us-east-1.amazonaws.com/file",
        "https://amazonaws.com.example.com/file",
        "https://evilamazonaws.com/file",
        "https://169.254.169.254/file",
        "http://127.0.0.1:80/file",
        "file:///etc/passwd",
        "https://bucket.s3.amazonaws.com@example.com/file",
    ],
)
def test_a_file_goes_nowhere_but_to_aws(pool, url):
    made = pool(200)
    with pytest.raises(Refused, match="not an AWS address"):
        presigned.put(url, b"file", key=KEY, endpoint=AWS)
    assert not made.asked


def test_the_place_beside_a_stand_in_is_known_by_its_address(pool):
    made = pool(200)
    presigned.put("http://127.0.0.1:5/x", b"file", key=KEY, endpoint="http://127.0.0.1:5")
    assert made.asked
    with pytest.raises(Refused):
        presigned.put("http://127.0.0.1:6/x", b"file", key=KEY, endpoint="http://127.0.0.1:5")


@pytest.mark.parametrize(
    ("status", "error"),
    [(503, Retryable), (429, Retryable), (OSError(URL), Retryable), (403, Refused), (302, Refused)],
)
def test_errors_say_neither_where_nor_with_what(pool, status, error):
    pool(status)
    with pytest.raises(error) as caught:
        presigned.put(URL, b"file", key=KEY, endpoint=AWS)
    assert not [word for word in ("Signature", "bucket", KEY) if word in repr(caught.value)]
    assert caught.value.__cause__ is None


def test_a_key_that_is_none_is_refused_unsaid(pool):
    made = pool(200)
    with pytest.raises(Refused) as caught:
        presigned.put(URL, b"file", key="näh", endpoint=AWS)
    assert "näh" not in str(caught.value)
    assert not made.asked
