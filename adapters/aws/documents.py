"""JSON documents that a deployment stores in S3, since a function's environment is small."""

from __future__ import annotations

import functools
import json
from typing import Any

from adapters.aws.addresses import SCHEME, bucket_and_key
from adapters.aws.objects import Objects
from tessera.errors import InvalidInput


def read_document(uri: str) -> Any:  # noqa: ANN401 (a JSON value)
    """Return the value of a JSON document, such as ``s3://bucket/key``.

    A deployment writes each content to its own key, so a warm function reads it once.

    Raises
    ------
    InvalidInput
        The address is none of S3, or there is no such object.
    """
    return json.loads(_text(uri))


@functools.lru_cache(maxsize=4)
def _text(uri: str) -> bytes:
    bucket, key = bucket_and_key(uri)
    if not uri.startswith(SCHEME) or not key:
        raise InvalidInput(f"{uri!r} is not the address of a document: expected s3://bucket/key")
    return Objects(bucket).read(key)
