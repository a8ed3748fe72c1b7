"""Addresses of objects in S3, such as ``s3://bucket/key``."""

from __future__ import annotations

SCHEME = "s3://"


def bucket_and_key(uri: str) -> tuple[str, str]:
    """Return the bucket and the key, or prefix, of an address. The key may be empty."""
    bucket, _, key = uri.removeprefix(SCHEME).partition("/")
    return bucket, key
