"""The SDK's clients for destinations inside AWS, which wait and try again within limits."""

from __future__ import annotations

import functools
from typing import Any

import boto3
from botocore.config import Config

_TIMEOUT_SECONDS = 10


def patient_client(service: str, *, attempts: int = 3) -> Any:
    """Return a client of a service, as botocore calls it, that tries a call so often."""
    config = Config(
        retries={"mode": "standard", "total_max_attempts": attempts},
        connect_timeout=_TIMEOUT_SECONDS,
        read_timeout=_TIMEOUT_SECONDS,
    )
    return boto3.client(service, config=config)


@functools.cache
def shared_client(service: str) -> Any:
    """Return the one client of a warm function for a service, whose connections stay open."""
    return boto3.client(service)
