"""Clients by which stand-ins reach the embedded AWS, as the services do that they stand in for."""

from __future__ import annotations

import functools
import os
from typing import Any

import boto3

from local.loopback.place import REGION


def embedded_client(service: str) -> Any | None:
    """Return a client of the embedded AWS, None where none runs."""
    port = os.environ.get("MOTO_PORT", "")
    endpoint = os.environ.get("AWS_ENDPOINT_URL") or (f"http://127.0.0.1:{port}" if port else "")
    return _client(service, endpoint) if endpoint else None


@functools.lru_cache(maxsize=2)
def _client(service: str, endpoint: str) -> Any:
    return boto3.client(
        service, region_name=REGION, endpoint_url=endpoint,
        aws_access_key_id="local", aws_secret_access_key="local",  # noqa: S106
    )  # fmt: skip
