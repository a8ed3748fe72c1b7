"""What stand-ins read from the embedded S3, as the services do that they stand in for."""

from __future__ import annotations

import functools
import os
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import ClientError

from local.loopback.place import REGION


def read_object(url: str) -> str | None:
    """Return the text of an object, by its ``s3://`` address. None when there is none."""
    place = urlsplit(url)
    port = os.environ.get("MOTO_PORT", "")
    endpoint = os.environ.get("AWS_ENDPOINT_URL") or f"http://127.0.0.1:{port}"
    try:
        answer = _client(endpoint).get_object(Bucket=place.netloc, Key=place.path.lstrip("/"))
    except ClientError:
        return None
    return bytes(answer["Body"].read()).decode()


@functools.lru_cache(maxsize=1)
def _client(endpoint: str) -> Any:
    return boto3.client(
        "s3", region_name=REGION, endpoint_url=endpoint,
        aws_access_key_id="local", aws_secret_access_key="local",  # noqa: S106
    )  # fmt: skip
